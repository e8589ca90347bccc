"""Judge schema-org.jsonld with rdflib, which has no network here: which statements does it make?"""

import json
import sys
from pathlib import Path

from rdflib import Graph, Namespace
from rdflib.namespace import RDF

SCHEMA = Namespace("https://schema.org/")
graph = Graph().parse(Path(sys.argv[1]) / "schema-org.jsonld", format="json-ld")
dataset = next(graph.subjects(RDF.type, SCHEMA.Dataset))
print(
    json.dumps(
        {
            "statements": len(graph),
            "id": str(dataset),
            "name": str(graph.value(dataset, SCHEMA.name)),
            "version": str(graph.value(dataset, SCHEMA.version)),
            "published": str(graph.value(dataset, SCHEMA.datePublished)),
            "license": [[type(one).__name__, str(one)] for one in graph.objects(dataset, SCHEMA.license)],
            "creators": sorted(
                str(graph.value(one, SCHEMA.name)) for one in graph.objects(dataset, SCHEMA.creator)
            ),
            "downloads": sorted(
                str(graph.value(one, SCHEMA.name)) for one in graph.objects(dataset, SCHEMA.distribution)
            ),
            "foreign": sorted({str(p) for p in graph.predicates() if not str(p).startswith(str(SCHEMA))}),
        }
    )
)
