package upstash_test

import (
	"crypto/tls"
	"encoding/binary"
	"io"
	"net"
	"testing"
)

// Frames of HTTP/2 (RFC 9113, section 6), as far as the server below knows them.
const (
	frameData, frameHeaders, frameReset, frameSettings, frameGoAway = 0, 1, 3, 4, 7

	flagEnd        = 1 // of a stream; of settings: acknowledged
	flagEndHeaders = 4

	protocolError, refusedStreamCode = 1, 7
)

// rawHTTP2 is a server that answers each request as its function says, frame by
// frame, which the server of net/http does not let a handler do.
func rawHTTP2(t *testing.T, serve func(c *http2Conn, stream uint32)) (url string) {
	t.Helper()
	var config net.ListenConfig
	plain, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := tls.NewListener(plain, &tls.Config{
		Certificates: []tls.Certificate{newIdentity().certificate}, NextProtos: []string{"h2"}, MinVersion: tls.VersionTLS12,
	})
	t.Cleanup(func() { _ = l.Close() }) // the connections end with the clients
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go (&http2Conn{Conn: conn}).serve(serve)
		}
	}()
	return "https://" + l.Addr().String()
}

type http2Conn struct{ net.Conn }

// serve calls f with each stream whose request has come to its end.
func (c *http2Conn) serve(f func(*http2Conn, uint32)) {
	defer c.Close()
	if _, err := io.CopyN(io.Discard, c, int64(len("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))); err != nil {
		return
	}
	c.frame(frameSettings, 0, 0, nil)
	for {
		var header [9]byte
		if _, err := io.ReadFull(c, header[:]); err != nil {
			return
		}
		length := int64(header[0])<<16 | int64(header[1])<<8 | int64(header[2])
		if _, err := io.CopyN(io.Discard, c, length); err != nil {
			return
		}
		kind, flags, stream := header[3], header[4], binary.BigEndian.Uint32(header[5:])
		switch {
		case kind == frameSettings && flags&flagEnd == 0:
			c.frame(frameSettings, flagEnd, 0, nil)
		case (kind == frameData || kind == frameHeaders) && flags&flagEnd != 0:
			f(c, stream)
		}
	}
}

// frame writes one; when the client is gone, the next read says so.
func (c *http2Conn) frame(kind, flags byte, stream uint32, payload []byte) {
	header := []byte{0, byte(len(payload) >> 8), byte(len(payload)), kind, flags}
	_, _ = c.Write(append(binary.BigEndian.AppendUint32(header, stream), payload...))
}

func (c *http2Conn) reset(stream, code uint32) {
	c.frame(frameReset, 0, stream, binary.BigEndian.AppendUint32(nil, code))
}

// goAway says which stream was the last one that was looked at.
func (c *http2Conn) goAway(last uint32) {
	c.frame(frameGoAway, 0, 0, binary.BigEndian.AppendUint64(nil, uint64(last)<<32))
}

func (c *http2Conn) answer(stream uint32, body string) {
	const status200 = 0x88 // an entry of the static table of HPACK
	c.frame(frameHeaders, flagEndHeaders, stream, []byte{status200})
	c.frame(frameData, flagEnd, stream, []byte(body))
}
