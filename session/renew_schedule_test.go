package session_test

import (
	"context"
	"errors"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-9937a0e6/upstash-go/session"
)

// TestRenewalSchedules lets several clients renew, read and change one session
// at the same time, through random schedules with lost and repeated requests,
// where each knows only tokens that it got an answer with. Nobody is ever told
// that there is no session, all who renew one token get one and the same, and no
// change is lost.
//
// UPSTASH_LONG=1 runs the long form: 800 schedules.
func TestRenewalSchedules(t *testing.T) {
	t.Parallel()
	for seed := range steps(40, 800) {
		if bad := runRenewals(t, uint64(seed), shipped); bad != "" {
			t.Fatalf("seed %d: %s", seed, bad)
		}
	}
}

var plantedRenewals = map[string]system{
	"a renewal does not compare":             inScript("place", "have[1] ~= ARGV[10] or not have[2]", "not have[1]"),
	"a renewal goes ahead without its old":   inScript("place", "have[1] ~= ARGV[10] or not have[2]", never),
	"a renewal leaves no mark":               inScript("place", "redis.call('HSETEX', KEYS[2], 'PX', ARGV[11], 'FIELDS', 1, old .. '#x', ARGV[12])", ""),
	"a renewal leaves the mark of a move":    inScript("place", "old .. '#x', ARGV[12])", "old .. '#x', string.match(ARGV[12], '^%d+'))"),
	"a renewal that others made is a loss":   inScript("place", "return {'moved', there[1] or '', there[2] or '', have[3]}", "return {'gone'}"),
	"the repeat of a renewal is not noticed": inScript("place", "redis.call('HEXISTS', KEYS[1], id) == 1", never, "return {'moved', there", "return {'gone', there"),
	"an update ends at a renewal":            inScript("update", "say(mark and 'moved' or 'gone', there[1], there[2], mark)", "say('gone')"),
	"an update takes a renewal for itself":   inScript("update", "say(mark and 'moved' or 'gone', there[1], there[2], mark)", "say(mark and 'ok' or 'gone')"),
}

// TestRenewalSchedulesCatch shows that the harness finds planted faults.
func TestRenewalSchedulesCatch(t *testing.T) {
	t.Parallel()
	for _, name := range slices.Sorted(maps.Keys(plantedRenewals)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(200) {
				if bad := runRenewals(t, seed, plantedRenewals[name]); bad != "" {
					t.Logf("schedule %d: %s", seed, bad)
					return
				}
			}
			t.Error("not caught")
		})
	}
}

func runRenewals(t *testing.T, seed uint64, of system) (bad string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		srv := newServer(t)
		w := &world{rng: rand.New(rand.NewPCG(seed, 3)), srv: srv, inner: srv.Client(), limit: 1}
		m := of(t, w, session.Options{Namespace: "n", Cap: 3, Clock: srv.Now})
		first := ok(of(t, srv.Client(), session.Options{Namespace: "n", Cap: 3, Clock: srv.Now}).Create(t.Context(), "u", 0))(t)
		w.faulty, w.spare = true, true
		made := make([]map[string]session.Token, 4) // for each client, what a token was renewed to
		var done, unknown [4]int
		for client := range 4 {
			rng := rand.New(rand.NewPCG(seed, uint64(client)+10))
			made[client] = map[string]session.Token{}
			go func() {
				ctx, s := context.WithValue(t.Context(), clientKey{}, client), first
				for range 8 {
					next, err := s, error(nil)
					switch rng.IntN(3) {
					case 0:
						next, err = m.Get(ctx, s.Token())
					case 1:
						next, err = m.Update(ctx, s, func(n *int) error { *n++; return nil })
						if err == nil {
							done[client]++
						} else {
							unknown[client]++
						}
					default:
						if s != first {
							continue // one renewal: reading follows no second one
						}
						next, err = m.Renew(ctx, s, time.Hour, grace)
						if err == nil {
							made[client][s.ID] = next.Token()
						}
					}
					switch {
					case err == nil && rng.IntN(5) > 0: // otherwise the answer does not reach the browser
						s = next
					case err != nil && !errors.Is(err, errFault):
						w.report("%v", err)
					}
				}
			}()
		}
		w.run()
		token := session.Token("")
		for _, tokens := range made {
			if got := tokens[first.ID]; got != "" {
				if token != "" && token != got {
					w.report("one token was renewed to two")
				}
				token = got
			}
		}
		w.faulty = false
		go func() {
			ctx := context.WithValue(t.Context(), clientKey{}, 0)
			s, err := m.Get(ctx, first.Token())
			if err != nil {
				w.report("at the end, with the first token: %v", err)
				return
			}
			if token != "" && s.Token() != token {
				w.report("the first token leads elsewhere at the end")
			}
			least := done[0] + done[1] + done[2] + done[3]
			most := least + unknown[0] + unknown[1] + unknown[2] + unknown[3]
			if s.Data < least || s.Data > most {
				w.report("%d changes are in the session, want %d to %d", s.Data, least, most)
			}
		}()
		w.run()
		bad = w.bad
	})
	return bad
}
