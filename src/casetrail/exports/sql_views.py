"""The views of a case that people want first, in SQL that SQLite and PostgreSQL both understand.

No view adds a group to its members: a number of people stands in the row of the group alone. Support is
counted by origin, as in `case.views`: the words of one party, and copies of one text, count once.
"""

from __future__ import annotations

from collections.abc import Collection

_ROOTS = """
WITH RECURSIVE steps (source_id, root, step) AS (
  SELECT source_id, source_id, 0 FROM sources
  UNION ALL
  SELECT steps.source_id, sources.derived_from, steps.step + 1
  FROM steps JOIN sources ON sources.source_id = steps.root
  WHERE sources.derived_from IS NOT NULL AND steps.step < 100
),
roots (source_id, root) AS (
  SELECT steps.source_id, steps.root
  FROM steps JOIN sources ON sources.source_id = steps.root
  WHERE sources.derived_from IS NULL
)"""

_TIMELINE = """
SELECT * FROM (
SELECT events.date AS date, events.date_earliest AS date_earliest, events.date_latest AS date_latest,
  events.starts_at AS starts_at,
  'events' AS row_table, events.event_id AS row_id, events.kind AS kind, events.title AS what,
  places.name AS place, events.status AS status
FROM events LEFT JOIN places ON places.place_id = events.place_id
UNION ALL
SELECT responses.date, responses.date_earliest, responses.date_latest, NULL,
  'responses', responses.response_id, responses.kind, responses.summary, NULL, NULL
FROM responses
) AS dated
ORDER BY date_earliest IS NULL AND date_latest IS NULL, COALESCE(date_earliest, date_latest),
  date_latest, starts_at, row_id"""

_ACCUSED = """
SELECT parties.party_id, parties.name, parties.description, parties.kind, parties.disclosure,
  NULL AS member_of, charges.charge_id, charges.statute, charges.article, charges.part, charges.offence,
  charges.status, charges.people, charges.people_precision, charges.outcome
FROM charges JOIN parties ON parties.party_id = charges.accused_id
UNION ALL
SELECT parties.party_id, parties.name, parties.description, parties.kind, parties.disclosure,
  charges.accused_id, charges.charge_id, charges.statute, charges.article, charges.part, charges.offence,
  charges.status, NULL, NULL, charges.outcome
FROM charges
JOIN relations ON relations.related_id = charges.accused_id AND relations.kind = 'member_of'
JOIN parties ON parties.party_id = relations.party_id
ORDER BY 7, 6, 1"""

_CLAIMS = f"""{_ROOTS}
SELECT evidence.evidence_id, evidence."table" AS row_table, evidence.row_id, evidence.field, evidence.value,
  evidence.as_written, evidence.certainty, evidence.rank, evidence.reason, evidence.disagreement_id,
  COALESCE(parties.name, parties.description) AS speaker, evidence.locator,
  sources.source_id, sources.publisher, sources.title, sources.url, sources.published,
  COALESCE(evidence.attributed_to, roots.root, evidence.source_id) AS origin, evidence.note
FROM evidence
JOIN sources ON sources.source_id = evidence.source_id
LEFT JOIN roots ON roots.source_id = evidence.source_id
LEFT JOIN parties ON parties.party_id = evidence.attributed_to
ORDER BY 1"""

_DISPUTED = f"""{_ROOTS},
versions AS (
  SELECT evidence.disagreement_id, evidence.value, MIN(evidence."table") AS row_table,
    MIN(evidence.row_id) AS row_id, MIN(evidence.field) AS field,
    MIN(CASE evidence.rank WHEN 'preferred' THEN 1 WHEN 'alternative' THEN 2 WHEN 'rejected' THEN 3 END)
      AS place,
    COUNT(DISTINCT COALESCE(evidence.attributed_to, roots.root, evidence.source_id)) AS origins,
    COUNT(*) AS claims
  FROM evidence LEFT JOIN roots ON roots.source_id = evidence.source_id
  WHERE evidence.disagreement_id IS NOT NULL
  GROUP BY evidence.disagreement_id, evidence.value
)
SELECT disagreements.disagreement_id, disagreements.question, disagreements.state, versions.row_table,
  versions.row_id, versions.field, versions.value,
  CASE versions.place WHEN 1 THEN 'preferred' WHEN 2 THEN 'alternative' WHEN 3 THEN 'rejected' END AS rank,
  versions.origins, versions.claims
FROM disagreements LEFT JOIN versions ON versions.disagreement_id = disagreements.disagreement_id
ORDER BY CASE disagreements.state WHEN 'open' THEN 1 WHEN 'settled' THEN 2 ELSE 3 END, 1,
  versions.place, versions.origins DESC, 7"""

CASE_VIEWS = {"timeline": _TIMELINE, "accused": _ACCUSED, "claims": _CLAIMS, "disputed": _DISPUTED}
"""The views by name: events and responses in time; who is accused of what; what each source says; and the
questions on which sources differ, the open ones first, with a row for each version."""


def case_views(tables: Collection[str]) -> dict[str, str]:
    """The views as statements; `tables` are the names that the package itself uses, which stay its own."""
    taken = {name.casefold() for name in tables}
    return {
        name: f'CREATE VIEW "{name}" AS{select}' for name, select in CASE_VIEWS.items() if name not in taken
    }
