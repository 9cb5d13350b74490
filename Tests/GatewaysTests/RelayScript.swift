/// What a fake relay does where an ordinary one would agree.
struct RelayScript: Encodable {
    enum TLS: String, Encodable { case none, starttls, implicit }

    struct Step: Encodable {
        /// `GREETING`, a verb, `BODY` (while the mail arrives) or `DOT`.
        var at: String
        var `do`: Deed
        var text = ""
        var seconds = 0.0
        /// Only on these connections, counted from 0; on all when empty.
        var connections: [Int] = []
        /// Only for commands that hold this.
        var holding = ""
    }

    enum Deed: String, Encodable {
        case reply, drop, reset, partial, hang, delay
    }

    var tls = TLS.none
    var login = ""
    var requiresLogin = false
    /// After that many seconds without a command the relay says 421 and closes.
    var idle = 0.0
    /// Closes without a word after each accepted mail.
    var closesAfterMail = false
    var steps: [Step] = []

    static func step(
        _ at: String, _ deed: Deed, _ text: String = "", seconds: Double = 0, on connections: [Int] = [],
        holding: String = ""
    ) -> RelayScript {
        RelayScript(steps: [
            Step(at: at, do: deed, text: text, seconds: seconds, connections: connections, holding: holding)
        ])
    }

    /// Runs under Python 3 with nothing but its standard library, and ends when its input does: a child of a thread of
    /// Dispatch starts with its signals blocked and would not hear any.
    static let program = #"""
        import base64, json, os, select, socket, ssl, struct, sys, threading, time
        script = json.loads(sys.argv[1])
        folder = sys.argv[2]
        journal = open(os.path.join(folder, "journal"), "a", buffering=1)
        lock = threading.Lock()
        def note(**entry):
            with lock: journal.write(json.dumps(entry) + "\n")
        class Gone(Exception): pass
        class Connection:
            def __init__(self, sock, number):
                self.sock, self.number, self.buffer = sock, number, b""
            def secure(self):
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(os.path.join(folder, "cert.pem"), os.path.join(folder, "key.pem"))
                self.sock = context.wrap_socket(self.sock, server_side=True)
                note(connection=self.number, event="secured")
            def send(self, text, end="\r\n"):
                self.sock.sendall((text + end).encode())
            def fill(self):
                data = self.sock.recv(65536)
                if not data: raise Gone()
                self.buffer += data
            def line(self):
                while b"\n" not in self.buffer:
                    if script["idle"] and not self.buffer:
                        ready, _, _ = select.select([self.sock], [], [], script["idle"])
                        if not ready:
                            self.send("421 4.4.2 idle for too long")
                            raise Gone()
                    self.fill()
                text, self.buffer = self.buffer.split(b"\n", 1)
                return text.rstrip(b"\r").decode("utf-8", "replace")
            def step(self, at, command=""):
                for step in script["steps"]:
                    if step["at"] != at: continue
                    if step["connections"] and self.number not in step["connections"]: continue
                    if step["holding"] and step["holding"] not in command: continue
                    return step
            def answer(self, at, usual, command="", agreed=lambda: None):
                """Whether the answer was the usual one. What it means is noted before it leaves."""
                step = self.step(at, command)
                deed = step["do"] if step else "delay"
                if deed == "reply": self.send(step["text"])
                elif deed == "delay":
                    if step: time.sleep(step["seconds"])
                    agreed()
                    self.send(usual)
                elif deed == "partial":
                    self.send(step["text"], end="")
                    raise Gone()
                elif deed == "hang":
                    time.sleep(step["seconds"])
                    raise Gone()
                elif deed == "drop": raise Gone()
                elif deed == "reset": self.reset()
                return deed == "delay"
            def reset(self):
                self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                raise Gone()
            def mail(self, sender, recipient):
                step = self.step("BODY")
                while b"\r\n.\r\n" not in self.buffer:
                    if step and len(self.buffer) >= 100000: self.reset()
                    self.fill()
                if step: self.reset()
                body, self.buffer = self.buffer.split(b"\r\n.\r\n", 1)
                note(connection=self.number, event="mail", sender=sender, recipient=recipient,
                     body=base64.b64encode(body + b"\r\n").decode())
                self.answer("DOT", "250 2.0.0 Ok: queued as F%d" % self.number, recipient, lambda: note(
                    connection=self.number, event="accepted", recipient=recipient))
                if script["closesAfterMail"]: raise Gone()
            def talk(self):
                if script["tls"] == "implicit": self.secure()
                self.answer("GREETING", "220 relay.test ESMTP")
                secured, known, sender, recipient = False, False, "", ""
                while True:
                    command = self.line()
                    note(connection=self.number, event="command", text=command)
                    verb = command[:8].upper() if command[:8].upper() == "STARTTLS" else command[:4].upper()
                    if verb == "EHLO":
                        offers = ["relay.test"]
                        if script["tls"] == "starttls" and not secured: offers.append("STARTTLS")
                        if script["login"]: offers.append("AUTH PLAIN")
                        lines = ["250%s%s" % ("-" if i < len(offers) - 1 else " ", o) for i, o in enumerate(offers)]
                        self.answer("EHLO", "\r\n".join(lines))
                    elif verb == "STARTTLS":
                        if self.answer("STARTTLS", "220 go"):
                            self.secure()
                            secured = True
                    elif verb == "AUTH":
                        given = base64.b64decode(command.split()[-1]).decode().split("\0")[-1]
                        known = given == script["login"]
                        self.answer("AUTH", "235 2.7.0 in" if known else "535 5.7.8 wrong", command)
                    elif verb == "MAIL":
                        sender = command
                        allowed = known or not script["requiresLogin"]
                        self.answer("MAIL", "250 2.1.0 Ok" if allowed else "530 5.7.0 log in first", command)
                    elif verb == "RCPT":
                        recipient = command
                        self.answer("RCPT", "250 2.1.5 Ok", command)
                    elif verb == "DATA":
                        if self.answer("DATA", "354 go on"): self.mail(sender, recipient)
                    elif verb == "QUIT":
                        self.answer("QUIT", "221 2.0.0 bye")
                        raise Gone()
                    else: self.answer(verb, "250 2.0.0 Ok")
        def serve(sock, number):
            connection = Connection(sock, number)
            note(connection=number, event="opened")
            try: connection.talk()
            except (Gone, OSError): pass
            finally:
                try: connection.sock.close()
                except OSError: pass
                note(connection=number, event="closed")
        def follow():
            while sys.stdin.buffer.read(1): pass
            os._exit(0)
        threading.Thread(target=follow, daemon=True).start()
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        listener.listen(128)
        print(listener.getsockname()[1], flush=True)
        number = 0
        while True:
            sock, _ = listener.accept()
            threading.Thread(target=serve, args=(sock, number), daemon=True).start()
            number += 1
        """#
}
