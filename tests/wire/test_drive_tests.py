"""Measurements as the apps of a drive test write them, and a look at a file before it is stored."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from click.testing import CliRunner

from cockpit.cli import main
from cockpit.ingest import mapping
from tests.wire.test_import_commands import NOW, Bring, bring, row, sheet

__all__ = ["bring"]

HERE = dt.datetime.fromtimestamp(NOW / 1000, dt.timezone(dt.timedelta(hours=7)))
GIVEN = ("--value", "source=do-kiem", "--value", "device_hash=xe-1")
WRONG = "not-a-number"

LOGS = {
    "g_nettrack": (
        "Timestamp\tLongitude\tLatitude\tOperator\tNetworkTech\tLevel\tQual\tSNR\tCellid\tDL_bitrate\t"
        "UL_bitrate\tAccuracy\n"
        + "".join(
            f"{HERE:%Y.%m.%d_%H.%M.%S}\t107.08\t20.95\t45204\t4G\t{level}\t-11\t{snr}\t{cell}\t31500\t\t6\n"
            for cell, (level, snr) in enumerate((("-97", "7"), ("-98", "2147483647"), (WRONG, "7")))
        )
    ),
    "network_cell_info": (
        "time,mccmnc,net_type,latitude,longitude,accuracy,rsrp,rsrq,rssnr,cid\n"
        + "".join(
            f"{NOW},45204,LTE,20.95,107.08,{acc},{level},-11,7.5,{cell}\n"
            for cell, (level, acc) in enumerate((("-97", "6"), ("-98", "5.5"), (WRONG, "6")))
        )
    ),
    "nperf": (
        "Date;Operator;Technology;Latitude;Longitude;Accuracy;RSRP;RSRQ;SNR;Cell ID;Download;Upload;Latency\n"
        + "".join(
            f"{HERE:%Y-%m-%d %H:%M:%S};Viettel;LTE;20,95;107,08;6,5;{level};-11;7,5;{cell};31500;4200;{ms}\n"
            for cell, (level, ms) in enumerate((("-97,5", "20"), ("-98", "N/A"), (WRONG, "20")))
        )
    ),
}


def run(bring: Bring, content: bytes, *options: str, name: str = "log.csv") -> str:
    file = bring.folder / name
    file.write_bytes(content)
    words = ["import", "measurements", str(file), "--data-dir", str(bring.data), *options]
    return CliRunner().invoke(main, words).output


@pytest.mark.parametrize("style", sorted(LOGS))
def test_a_log_of_each_shipped_style_is_read_by_its_name(bring: Bring, style: str) -> None:
    given = ("--mapping", style, *GIVEN)
    found = run(bring, LOGS[style].encode(), *given)
    assert "3 events: 2 stored, 0 known already, 1 refused" in found
    called = {"g_nettrack": "Level", "network_cell_info": "rsrp", "nperf": "RSRP"}[style]
    assert f"log.csv line 4: column {called}: '{WRONG}' is no number" in found
    assert bring.coverage() == (2, {})
    assert "0 stored, 2 known already" in run(bring, LOGS[style].encode(), *given)


def test_every_shipped_style_has_a_log_here() -> None:
    assert sorted(LOGS) == mapping.styles()


def test_semicolons_and_decimal_commas_are_read_only_where_a_mapping_states_them(bring: Bring) -> None:
    found = run(bring, LOGS["nperf"].encode(), *GIVEN)
    assert "columns are parted by semicolons" in found
    own = bring.folder / "own.toml"
    text = (mapping.FOLDER / "nperf.toml").read_text("utf-8")
    own.write_text(text.replace('decimal = ","', ""), "utf-8")
    found = run(bring, LOGS["nperf"].encode(), "--mapping", str(own), *GIVEN)
    assert "3 events: 0 stored, 0 known already, 3 refused" in found
    assert "column Latitude: '20,95' is no number, expected degrees such as 20.9512" in found
    points = LOGS["nperf"].replace("20,95", "20.95").encode()
    assert "column Latitude: '20.95' is no number" in run(bring, points, "--mapping", "nperf", *GIVEN)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[columns]\nlevel = 'RSRP'", "columns names 'level', expected one of ts, operator"),
        ("separator = ':'", "separator"),
        ("time = '%Y'", "offset is '', expected one such as +07:00"),
        ("decimal = ','", "decimal and separator are the same sign"),
        ("colums = {}", "colums"),
        ("[columns", "mapping"),
    ],
)
def test_a_mapping_that_cannot_be_used_says_what_is_wrong(tmp_path: Path, text: str, said: str) -> None:
    own, file = tmp_path / "own.toml", tmp_path / "log.csv"
    own.write_text(text, "utf-8")
    file.write_bytes(sheet(row(1)))
    words = ["import", "measurements", str(file), "--data-dir", str(tmp_path / "var"), "--mapping", str(own)]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 1
    assert f"mapping {own}: " in done.output
    assert said in done.output


def test_a_dry_run_reports_the_same_and_stores_nothing(bring: Bring) -> None:
    content = sheet(
        row(2),
        row(3, rsrp_dbm="x"),
        row(4, lat="0"),
        row(5, acc_m="80"),
        row(6, tech="NR"),
        row(7, acc_m="N/A"),
    )

    def there() -> set[str]:
        return {path.name for path in bring.data.glob("*")} - {"log.csv"}

    before = there()
    dry = run(bring, content, "--dry-run")
    assert there() == before
    assert "6 events: 4 good, 2 refused; nothing was stored" in dry
    real = run(bring, content)
    assert "6 events: 4 stored, 0 known already, 2 refused" in real
    assert dry.splitlines()[-6:] == real.splitlines()[-6:]
    for said in (
        "log.csv line 3: column rsrp_dbm: 'x'",
        "log.csv line 4: column lat, lon: ",
        "less exact than",
    ):
        assert said in dry
    assert bring.coverage() == (1, {"5g": 1, "accuracy": 1, "position": 1})


def test_a_place_less_exact_than_fifty_metres_decides_nothing(bring: Bring) -> None:
    found = run(bring, sheet(row(1, acc_m="50"), row(2, acc_m="50.1"), row(3, acc_m=""), row(4, acc_m="0")))
    assert "4 events: 4 stored" in found
    assert "rows of unknown accuracy, acc_m 0 or none (kept apart, say nothing about 4G): 2" in found
    assert "rows less exact than 50 m (kept apart, say nothing about 4G): 1" in found
    assert bring.coverage() == (1, {"accuracy": 2, "position": 1})
