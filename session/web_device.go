package session

import (
	"net/http"
	"net/netip"
	"strings"
)

// maxUserAgent is in bytes: a client's header is as long as it likes, and it is
// stored with the session.
const maxUserAgent = 512

func deviceOfRequest(r *http.Request) Device {
	agent := r.UserAgent()
	return Device{
		UserAgent: strings.ToValidUTF8(agent[:min(len(agent), maxUserAgent)], ""),
		IP:        addressOf(r.RemoteAddr),
	}
}

// addressOf is the address in a RemoteAddr, which some servers give with a port
// and some without.
func addressOf(remote string) string {
	if both, err := netip.ParseAddrPort(remote); err == nil {
		return both.Addr().Unmap().String()
	}
	if addr, err := netip.ParseAddr(strings.Trim(remote, "[]")); err == nil {
		return addr.Unmap().String()
	}
	return "" // a Unix socket, for example
}

// changeOf compares a request with the sign-in.
func (w *Web[T]) changeOf(s *Session[T], r *http.Request) *DeviceChange {
	if w.o.OnDeviceChange == nil || s.UserID == "" || s.Device == (Device{}) {
		return nil
	}
	now := w.o.Device(r)
	if now.UserAgent == s.Device.UserAgent && now.IP == s.Device.IP {
		return nil
	}
	return &DeviceChange{ID: s.ID, UserID: s.UserID, From: s.Device, To: now}
}
