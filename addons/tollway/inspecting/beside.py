"""What stands beside the chain where calls are looked at: comments, kept answers, the content view."""

from collections.abc import Callable
from dataclasses import dataclass

from mitmproxy import contentviews, ctx
from mitmproxy.flow import Flow
from mitmproxy.hooks import UpdateHook
from mitmproxy.http import HTTPFlow

from tollway.inspecting.keeping import Keeping
from tollway.inspecting.showing import Showing
from tollway.inspecting.view import ConversationView
from tollway.providers.registry import Registry


@dataclass(frozen=True)
class Beside:
    """The addons, and what knows the rows of calls."""

    showing: Showing
    keeping: Keeping

    @property
    def addons(self) -> tuple[object, ...]:
        """In the order in which they see each event, behind the chain."""
        return (self.showing, self.keeping)

    def register_view(self, registry: Registry) -> None:
        """Have mitmproxy show calls as conversations."""
        contentviews.add(ConversationView(registry, self.showing.last, self.keeping.is_cut))


def beside(update: Callable[[HTTPFlow], None] | None = None) -> Beside:
    """What mitmproxy's master is told of each change, unless `update` is."""
    told = update or updated
    return Beside(Showing(told), Keeping(told))


def updated(flow: Flow) -> None:
    """Have mitmproxy draw the flow anew, and forget what it made of its body: the cost has come since."""
    ctx.master.addons.trigger(UpdateHook([flow]))
    if (view := contentviews.registry.get(ConversationView.name)) is not None:
        contentviews.registry.on_change.send(view)
