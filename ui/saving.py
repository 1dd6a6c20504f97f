"""An answer or a verdict as a file: what the chat saves, for `tawthiq verify` and for anybody's records."""

from __future__ import annotations

import json

from fastapi import APIRouter, HTTPException, Response
from pydantic import BaseModel

from ui.api_guard import GuardedRoute
from ui.conversations import Conversations


class SavedBody(BaseModel):
    """Which answer or verdict: the conversation's name, which only its own page knows, and the number of the turn."""

    conversation: str
    turn: int


def create_saving_router(talks: Conversations) -> APIRouter:
    """The route that gives an answer or verdict of `talks`, sealed, as `ask --json` or `check --json` prints it."""
    router = APIRouter(route_class=GuardedRoute)

    @router.post("/conversation/answer")
    def saved(body: SavedBody) -> Response:
        # By POST: the name of a conversation belongs in no address, which browsers and proxies write down.
        result = talks.result(body.conversation, body.turn)
        if result is None:
            raise HTTPException(404, "There is no such answer here any more.")
        text = json.dumps(result.to_json(), ensure_ascii=False, indent=2) + "\n"
        return Response(text, media_type="application/json", headers={"Cache-Control": "no-store"})

    return router
