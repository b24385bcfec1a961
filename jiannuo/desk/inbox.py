"""消息: what the platform told this account, each line leading to the list it counts."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from jiannuo.desk import asked
from jiannuo.desk.gate import DeskRequest, count_unread, desk_view
from jiannuo.exchange import actions as exchange_actions
from jiannuo.exchange import queries as exchange
from jiannuo.kernel import clock


@desk_view(None)
def inbox_page(request: DeskRequest) -> HttpResponse:
    number = asked.number(request, "page", 1)
    found = exchange.inbox(request.actor.user_id or 0, page=number)
    page = asked.page_of(found.number, found.total)
    return render(request, "desk/inbox.html", {"found": found, "page": page})


@desk_view(None)
def message_page(request: DeskRequest, message_id: int) -> HttpResponse:
    card = exchange.message(message_id, account_id=request.actor.user_id or 0)
    if card is None:
        raise Http404
    return render(request, "desk/message.html", {"message": card, "trail": [("消息", reverse("desk:inbox"))]})


@require_POST
@desk_view(None)
def message_read(request: DeskRequest, message_id: int) -> HttpResponse:
    """One message is done with."""
    exchange_actions.mark_read(account_id=request.actor.user_id or 0, message_id=message_id, at=clock.now())
    count_unread(request, request.actor)
    return redirect("desk:inbox")


@require_POST
@desk_view(None)
def inbox_read(request: DeskRequest) -> HttpResponse:
    """All messages are done with."""
    count = exchange_actions.mark_read(account_id=request.actor.user_id or 0, at=clock.now())
    count_unread(request, request.actor)
    messages.success(request, f"{count} 条消息已标为读过。")
    return redirect("desk:inbox")
