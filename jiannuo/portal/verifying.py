"""Whether a certificate of eligibility is genuine, and what it says of one subject. The list of all it names is shown to nobody."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.measures import queries as measures
from jiannuo.policy.measures import USES
from jiannuo.portal import parts
from jiannuo.portal.answering import public


@public
def verify(request: HttpRequest) -> HttpResponseBase:
    number, subject = (request.GET.get(name, "").strip()[:200] for name in ("number", "subject"))
    refusal, card, said = None, None, ""
    if number:
        try:
            card, said = measures.verified(number, subject, on=clock.today())
        except Refused as no:
            refusal = no
    return render(
        request,
        "portal/verify.html",
        parts.context(
            "核验查询证明",
            "填证明上的编号，看它是不是真的、对某个主体是怎么答的。",
            trail=parts.trail(("信息公示", "portal:disclosures")),
            number=number,
            subject=subject,
            refusal=refusal,
            card=card,
            use=USES.get(card.use, card.use) if card else "",
            said=said,
        ),
        status=404 if refusal else 200,
    )
