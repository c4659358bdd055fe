"""What the kinds have in common that look at one metric of one kind of assets."""

from __future__ import annotations

from collections.abc import Iterator

from cockpit.domain.catalog import Rule
from cockpit.engine.kinds.kind import Kind, Problem, of_asset_kind
from cockpit.engine.slots import Place, Survey


class OfMetric(Kind):
    def problems(self, rule: Rule, survey: Survey) -> Iterator[Problem]:
        yield from of_asset_kind(rule, survey)
        metric = survey.profile.metric.get(rule.metric)
        if metric is None or rule.asset_kind not in metric.kinds:
            yield Problem("metric", rule.metric, f"a metric that {rule.asset_kind} sends")

    def places(self, rule: Rule, survey: Survey) -> Iterator[Place]:
        return iter(survey.of_kind.get(rule.asset_kind, ()))

    def lead_ms(self, rule: Rule, place: Place, survey: Survey) -> int:
        return place.rhythm_s * 1000 if rule.cause else 0
