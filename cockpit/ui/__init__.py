"""The design system: shell, words, figures in words, tiles, charts, maps, tables."""
