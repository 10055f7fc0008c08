"""Samples as Prometheus or OpenMetrics reads them. The only module that knows `prometheus_client`."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from threading import Lock
from typing import TypeAlias

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.core import Metric as Family
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from tui import __version__
from tui.headless.monitoring.metric_table import BUILD_INFO, METRICS, Metric
from tui.headless.monitoring.samples import Sample

_Labels: TypeAlias = tuple[str, ...]
_Row: TypeAlias = Mapping[_Labels, float]
"""The samples of a metric that share their first labels: the states of one sync."""
_SHARED = 3


class Exposition:
    """Writes documents, and keeps their parts: of thousands of series few differ in the next scrape,
    and writing one takes longer than finding it. Usable from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._content_type = ""
        self._known: dict[tuple[str, _Labels], tuple[_Row, bytes]] = {}

    def document(self, samples: Iterable[Sample], accept: str = "") -> tuple[bytes, str]:
        """The document, and its content type as the scraper accepts it."""
        encode, content_type = choose_encoder(accept)
        with self._lock:
            known = self._known if content_type == self._content_type else {}
            self._content_type, self._known = content_type, {}
            end = encode(_Families())
            parts: list[bytes] = []
            for metric, rows in _rows(samples).items():
                head = encode(_Families(_family(metric, {}))).removesuffix(end)
                parts.append(head)
                for labels, row in rows.items():
                    old, text = known.get((metric.name, labels), (None, b""))
                    if row != old:
                        text = encode(_Families(_family(metric, row)))[len(head) :].removesuffix(end)
                    self._known[metric.name, labels] = row, text
                    parts.append(text)
            return b"".join((*parts, end)), content_type


class _Families(Collector):
    def __init__(self, *families: Family) -> None:
        self._families = families

    def collect(self) -> Iterator[Family]:
        return iter(self._families)


def _rows(samples: Iterable[Sample]) -> Mapping[Metric, Mapping[_Labels, _Row]]:
    """Every metric once. Rows of a server may share an identifier; the same series twice would spoil
    the whole scrape: the last one stays."""
    rows: dict[Metric, dict[_Labels, dict[_Labels, float]]] = {metric: {} for metric in METRICS}
    for metric, labels, value in (Sample(BUILD_INFO, (__version__,), 1.0), *samples):
        rows[metric].setdefault(labels[:_SHARED], {})[labels] = value
    return rows


def _family(metric: Metric, row: _Row) -> Family:
    make: Callable[..., Family] = CounterMetricFamily if metric.is_counter else GaugeMetricFamily
    family = make(metric.name, metric.help)
    for labels, value in row.items():
        family.add_sample(metric.name, dict(zip(metric.labels, labels, strict=True)), value)
    return family
