"""Read FollowTheMoney entities back: which are refused, and what is left of each after cleaning."""

import json
import sys
from pathlib import Path

from followthemoney import model
from followthemoney.exc import InvalidData

told = {"schemata": {}, "refused": [], "lost": [], "loose": [], "wrong_range": [], "without_proof": []}
entities = {}
lines = (Path(sys.argv[1]) / "ftm.json").read_text(encoding="utf-8").splitlines()
given = [json.loads(line) for line in lines]
for one in given:
    proxy = model.get_proxy(one, cleaned=False)
    entities[proxy.id] = proxy
    told["schemata"][proxy.schema.name] = told["schemata"].get(proxy.schema.name, 0) + 1
    try:
        proxy.schema.validate(one)
    except InvalidData as error:
        told["refused"].append([proxy.id, str(error), getattr(error, "errors", None)])
    for name, values in one["properties"].items():
        if len(proxy.get(name)) != len(values):
            told["lost"].append([proxy.id, name, values, proxy.get(name)])
for proxy in entities.values():
    for prop, value in proxy.itervalues():
        if prop.type.name == "entity":
            other = entities.get(value)
            if other is None:
                told["loose"].append([proxy.id, prop.name, value])
            elif not other.schema.is_a(prop.range):
                told["wrong_range"].append([proxy.id, prop.name, other.schema.name])
    if proxy.schema.name != "Article" and not proxy.get("proof"):
        told["without_proof"].append(proxy.id)
told["names"] = {one.id: one.caption for one in entities.values()}
print(json.dumps(told))
