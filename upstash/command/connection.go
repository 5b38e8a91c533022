package command

// Ping asks the server for a sign of life. It changes nothing and is not billed.
func Ping() Cmd[OK] { return read(Reply.pong, "PING") }

// PingMessage is [Ping] that returns the message that it sends.
func PingMessage(message any) Cmd[string] { return read(Reply.Text, "PING", message) }

// Echo returns the message that it sends. Unlike [PingMessage] it is billed.
func Echo(message any) Cmd[string] { return read(Reply.Text, "ECHO", message) }

func (r Reply) pong() (OK, error) {
	if r.kind == KindText && r.text == "PONG" {
		return OK{}, nil
	}
	return OK{}, r.mismatch("the status PONG")
}
