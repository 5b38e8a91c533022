package load

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/seed-9937a0e6/upstash-go/examples/products/shop"
)

// traffic is what all callers share.
type traffic struct {
	client    *http.Client
	urls      []string // of the servers
	products  uint64   // that were there from the beginning
	until     time.Time
	atLeast   int
	clock     atomic.Int64
	hits      atomic.Int64
	failed    atomic.Int64 // answers that are neither success nor "there is no such thing"
	unsettled atomic.Int64 // changes that were made and not acknowledged
	refused   atomic.Int64 // changes that were not made, because nobody could be recognized

	mu      sync.Mutex
	reads   []read
	writes  map[writeKey]write
	created []string
}

// writeKey finds a write in the history: a version of a product, or its end.
type writeKey struct {
	id      string
	version int64 // 0 when it was removed
}

// caller asks until the time is over. Each has servers by turns, so that what
// one of them changes is asked of the other.
func (t *traffic) caller(ctx context.Context, number uint64) error {
	rng := rand.New(rand.NewPCG(number, 1))
	popular := rand.NewZipf(rng, 1.3, 4, t.products-1)
	pick := func() string { return fmt.Sprintf("p%03d", 1+popular.Uint64()) }
	category := func() string { return categories[rng.IntN(len(categories))] }
	for !t.over() {
		url := t.urls[rng.IntN(len(t.urls))]
		var err error
		switch n := rng.IntN(1000); {
		case n < 720:
			err = t.read(ctx, url, "/api/products/"+pick())
		case n < 800:
			err = t.read(ctx, url, "/api/products?category="+category())
		case n < 840:
			err = t.read(ctx, url, "/api/products")
		case n < 870:
			err = t.read(ctx, url, "/api/categories")
		case n < 880:
			err = t.read(ctx, url, "/api/products/"+t.recent(rng))
		case n < 960:
			err = t.write(ctx, url, http.MethodPatch, pick(), fmt.Sprintf(`{"price":%d}`, 100+rng.IntN(9900)))
		case n < 975:
			err = t.write(ctx, url, http.MethodPatch, pick(), fmt.Sprintf(`{"categoryId":%q}`, category()))
		case n < 990:
			err = t.write(ctx, url, http.MethodPost, "", fmt.Sprintf(`{"name":"New","price":5,"categoryId":%q}`, category()))
		default:
			err = t.write(ctx, url, http.MethodDelete, t.forget(rng), "")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *traffic) over() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return time.Now().After(t.until) && len(t.reads) >= t.atLeast
}

// categories are those of [shop.Store.Fill].
var categories = []string{"audio", "coffee", "desk", "garden", "kitchen", "outdoor"}

func (t *traffic) read(ctx context.Context, url, path string) error {
	begin := t.clock.Add(1)
	res, err := t.send(ctx, http.MethodGet, url+path, "")
	if err != nil {
		return err
	}
	end := t.clock.Add(1)
	if res.status != http.StatusOK && res.status != http.StatusNotFound {
		t.failed.Add(1)
		return nil
	}
	if strings.Contains(res.header.Get("Cache-Status"), "hit") {
		t.hits.Add(1)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.reads = append(t.reads, read{path, begin, end, digestOf(res.status, res.body)})
	return nil
}

func (t *traffic) write(ctx context.Context, url, method, id, body string) error {
	path := "/api/products"
	if id != "" {
		path += "/" + id
	}
	w := write{begin: t.clock.Add(1)}
	res, err := t.send(ctx, method, url+path, body)
	if err != nil {
		return err
	}
	key := writeKey{id: id}
	switch res.status {
	case http.StatusOK, http.StatusCreated, http.StatusNoContent:
		w.acked = t.clock.Add(1)
	case http.StatusAccepted:
		t.unsettled.Add(1)
	case http.StatusNotFound:
		return nil
	case http.StatusServiceUnavailable:
		t.refused.Add(1)
		return nil
	default:
		t.failed.Add(1)
		return nil
	}
	if method != http.MethodDelete {
		var p shop.Product
		if err := json.Unmarshal(res.body, &p); err != nil {
			return err
		}
		key = writeKey{p.ID, p.Version}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.writes[key] = w
	if method == http.MethodPost {
		t.created = append(t.created, key.id)
	}
	return nil
}

// recent is a product that was created under way.
func (t *traffic) recent(rng *rand.Rand) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.created) == 0 {
		return "p001"
	}
	return t.created[len(t.created)-1-rng.IntN(min(5, len(t.created)))]
}

// forget is a product that was created under way, to be removed; it stays among
// those that are asked for.
func (t *traffic) forget(rng *rand.Rand) string {
	if id := t.recent(rng); id != "p001" {
		return id
	}
	return "nothing"
}

func (t *traffic) send(ctx context.Context, method, url, body string) (reply, error) {
	r, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return reply{}, err
	}
	res, err := t.client.Do(r)
	if err != nil {
		return reply{}, err
	}
	defer res.Body.Close()
	var b bytes.Buffer
	_, err = io.Copy(&b, res.Body)
	return reply{res.StatusCode, res.Header, b.Bytes()}, err
}

// reply is what came back.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// signIn has all callers be one editor, whose session they share.
func (t *traffic) signIn(ctx context.Context) (err error) {
	if t.client.Jar, err = cookiejar.New(nil); err != nil {
		return err
	}
	res, err := t.send(ctx, http.MethodPost, t.urls[0]+"/api/login", fmt.Sprintf(`{"email":%q,"password":%q}`, email, password))
	if err == nil && res.status != http.StatusOK {
		err = fmt.Errorf("signing in was answered with status %d", res.status)
	}
	return err
}

// Who the callers are.
const email, password = "ann@example.com", "correct horse"
