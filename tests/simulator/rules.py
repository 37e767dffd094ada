"""Which scenario a request meets."""

from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from tests.simulator.overrides import override
from tests.simulator.scenario import DEFAULT, Scenario


@dataclass(slots=True)
class Rule:
    """A scenario for the requests that match, `times` of them (None: all)."""

    host: str
    path: str
    scenario: Scenario
    times: int | None = None

    def take(self, host: str, path: str) -> bool:
        """Whether this rule answers the request; one of its times is used up then."""
        if self.times == 0 or not (fnmatchcase(host, self.host) and fnmatchcase(path, self.path)):
            return False
        if self.times is not None:
            self.times -= 1
        return True


@dataclass(slots=True)
class Rules:
    """The first rule that matches and is not used up, else the default; `x-sim` on top."""

    default: Scenario = DEFAULT
    rules: list[Rule] = field(default_factory=list)

    def on(self, host: str, path: str, scenario: Scenario, *, times: int | None = None) -> None:
        """Add a rule after the others. `host` and `path` (without query) are shell patterns."""
        self.rules.append(Rule(host, path, scenario, times))

    def find(self, host: str, path: str, x_sim: str | None) -> Scenario:
        """The scenario for one request. Raises ValueError for an `x-sim` that makes no sense."""
        base = next((r.scenario for r in self.rules if r.take(host, path)), self.default)
        return base if x_sim is None else override(base, x_sim)
