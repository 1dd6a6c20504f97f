"""A stand-in for a language model that makes things up: an HTTP server that speaks the OpenAI protocol on 127.0.0.1.

It answers from the passages that it is sent, as a model is asked to: a sentence of the first one, word for word, with
its number; and then one that no passage says, with the same number. What is asked of it without passages, it echoes.
"""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import patch

from corpus.language import detect_language
from rag.sentences import split_sentences

MODEL = "stand-in"
INVENTED = {
    "ar": "وأضاف المصدر أن ملك السويد وقّع في أوسلو عام 1847 اتفاقا على 9631 قاربا [1].",
    "en": "It adds that the King of Sweden signed a treaty over 9,631 boats in Oslo in 1847 [1].",
}
"""What the stand-in makes up, in the language of the question."""

_PASSAGE = re.compile(r"<passage[^>]*>\n(.*?)\n</passage>", re.DOTALL)
_ASKED = re.compile(r"^(?:Question|السؤال):\s*(.+)$", re.MULTILINE)


@contextmanager
def stand_in_model() -> Iterator[str]:
    """Serves until the block ends, and is the language model that the environment names meanwhile; -> its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    named = {"OPENAI_BASE_URL": url, "OPENAI_API_KEY": "local", "TAWTHIQ_LLM_MODEL": MODEL}
    try:
        with patch.dict(os.environ, {**named, "TAWTHIQ_TRANSLATION_TIMEOUT": "0"}):
            yield url
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def reply_to(prompt: str) -> str:
    """What the stand-in says: a sentence that the first passage has, and one that none has."""
    passage = _PASSAGE.search(prompt)
    asked = _ASKED.findall(prompt)
    question = asked[-1] if asked else prompt.strip().rsplit("\n", 1)[-1]
    if passage is None:
        return question
    text = passage[1]
    spans = [span for span in split_sentences(text) if span.kind != "heading"]
    first = " ".join(text[spans[0].start : spans[0].end].split()) if spans else " ".join(text.split())
    return f"{first} [1]\n{INVENTED['ar' if detect_language(question) == 'ar' else 'en']}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Says nothing."""

    def do_GET(self) -> None:
        self._send(json.dumps({"object": "list", "data": [{"id": MODEL}]}).encode(), "application/json")

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        prompt = "\n".join(str(message.get("content", "")) for message in body.get("messages", ()))
        text = reply_to(prompt)
        words = len(text.split())
        usage = {"prompt_tokens": len(prompt.split()), "completion_tokens": words}
        usage["total_tokens"] = sum(usage.values())
        head = {"id": "1", "created": 0, "model": MODEL}
        if not body.get("stream"):
            choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
            data = {**head, "object": "chat.completion", "choices": [choice], "usage": usage}
            self._send(json.dumps(data).encode(), "application/json")
            return
        events: list[dict[str, object]] = [
            {"choices": [{"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": None}]},
            {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
            {"choices": [], "usage": usage},
        ]
        lines = [json.dumps({**head, "object": "chat.completion.chunk", **event}) for event in events]
        self._send("".join(f"data: {line}\n\n" for line in [*lines, "[DONE]"]).encode(), "text/event-stream")

    def _send(self, data: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
