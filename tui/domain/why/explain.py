"""At most three explanations, what is known before what is likely; no state is left without one."""

from dataclasses import replace

from tui.domain.why import (
    failure_rules,
    pattern_rules,
    row_rules,
    superoffice_rules,
    sync_rules,
    timing_rules,
)
from tui.domain.why.explanation import Certainty, Evidence, Explanation, Step, Why
from tui.domain.why.facts import Facts
from tui.domain.why.past_words import past_evidence
from tui.domain.why.rule import Role, Rule, harmless

MOST = 3
RULES: tuple[Rule, ...] = (
    *failure_rules.RULES,
    *superoffice_rules.RULES,
    *row_rules.RULES,
    *sync_rules.RULES,
    *timing_rules.RULES,
    *pattern_rules.RULES,
)
"""Within a certainty, the first one comes first."""


def why(facts: Facts) -> Why:
    return Why(facts.subject, facts.verdict, explain(facts))


def explain(facts: Facts) -> tuple[Explanation, ...]:
    """At most `MOST`, at least one."""
    found = [(rule, one) for rule in RULES if (one := rule.explain(facts)) is not None]
    if any(rule.role is Role.CAUSE and one.certainty is Certainty.KNOWN for rule, one in found):
        found = [(rule, one) for rule, one in found if rule.role is not Role.STATE]
    ordered = sorted((one for _, one in found), key=lambda one: one.certainty is Certainty.LIKELY)
    evidence = past_evidence(facts)
    return tuple(
        replace(one, evidence=(*one.evidence, *evidence))
        for one in (ordered or [_unexplained(facts)])[:MOST]
    )


def _unexplained(facts: Facts) -> Explanation:
    """What no rule knows is reported as it is."""
    text = harmless(facts.verdict.summary)
    return Explanation(
        "not-explained",
        Certainty.KNOWN,
        text,
        (Evidence(facts.read_at, text),),
        (Step("details", "Show details, and check it in the ERP itself"),),
        "it no longer needs attention" if facts.verdict.needs_attention else "",
        facts.verdict.needs_attention,
    )
