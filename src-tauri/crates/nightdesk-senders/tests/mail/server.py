"""A real mail server for the tests: aiosmtpd, told by its first argument how connections are kept private.

Prints its port, then goes on until its standard input ends. Each message that it takes is a line of JSON in the file of the
last argument, read by Python's own parser, which shares nothing with what wrote it.
"""
import asyncio
import base64
import email
import email.policy
import json
import ssl
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

security, certificate, key, out = sys.argv[1:5]
USERS = {"desk": "hush"}
TOKENS = {"desk": "good-token"}


def authenticate(server, session, envelope, mechanism, data):
    login, password = data.login.decode(), data.password.decode()
    return AuthResult(success=USERS.get(login) == password, handled=False)


class Handler:
    async def auth_XOAUTH2(self, server, args):
        given = base64.b64decode(args[1]).decode()
        parts = dict(p.split("=", 1) for p in given.split("\x01") if "=" in p)
        if parts.get("auth", "") == "Bearer " + TOKENS.get(parts.get("user", ""), "-"):
            return AuthResult(success=True, auth_data=parts["user"].encode())
        await server.push("334 " + base64.b64encode(b'{"status":"401"}').decode())
        # The refusal comes once the client has answered, by nothing.
        if await server._reader.readline() != b"\r\n":
            await server.push("501 5.5.2 an empty response was expected")
            return AuthResult(success=False, handled=True)
        return AuthResult(success=False, handled=False)

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 5.1.1 <%s>: no such user here" % address
        if address.startswith("grey@"):
            return "451 4.7.1 greylisted, come back later"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        to = envelope.rcpt_tos[0]
        if to.startswith("full@"):
            return "452 4.3.1 out of room"
        if to.startswith("spam@"):
            return "554 5.7.1 looks like spam"
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        with open(out, "a") as lines:
            body = lambda kind: message.get_body((kind,)).get_content()
            json.dump({
                "to": to, "from": envelope.mail_from, "subject": message["Subject"], "message_id": message["Message-ID"],
                "in_reply_to": message["In-Reply-To"], "text": body("plain"), "html": body("html"),
                "defects": [str(d) for d in message.defects], "headers": [n.lower() for n in message.keys()],
                "encrypted": session.ssl is not None or security == "tls", "user": str(session.auth_data or ""),
            }, lines)
            lines.write("\n")
        if to.startswith("slow@"):
            await asyncio.sleep(2)
        if to.startswith("never@"):
            await asyncio.sleep(600)
        if to.startswith("dying@"):
            server.transport.abort()
            return "250 nobody hears this"
        return "250 2.0.0 OK"


options = {}
context = None
if security != "none":
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
if security == "starttls":
    options = {"tls_context": context, "require_starttls": True}
if security in ("starttls", "tls"):
    options["authenticator"] = authenticate
if security == "tls":
    # It can't know that the connection is encrypted already.
    options["auth_require_tls"] = False
controller = Controller(
    Handler(), hostname="127.0.0.1", port=0, ssl_context=context if security == "tls" else None, ready_timeout=10,
    enable_SMTPUTF8=True, **options,
)
# Its own start() tries the connection out at the port it was given, which is none yet.
loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)
server = loop.run_until_complete(
    loop.create_server(controller._factory_invoker if hasattr(controller, "_factory_invoker") else controller.factory,
                       host="127.0.0.1", port=0, ssl=context if security == "tls" else None)
)
print(server.sockets[0].getsockname()[1], flush=True)
loop.run_in_executor(None, lambda: (sys.stdin.read(), loop.call_soon_threadsafe(loop.stop)))
loop.run_forever()
