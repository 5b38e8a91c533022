package load

import (
	"cmp"
	"encoding/json"
	"hash/maphash"
	"maps"
	"net/http"
	"slices"

	"github.com/seed-9937a0e6/upstash-go/examples/products/shop"
)

// digest stands for an answer: its status and its body.
type digest uint64

var hashSeed = maphash.MakeSeed()

func digestOf(status int, body []byte) digest {
	var h maphash.Hash
	h.SetSeed(hashSeed)
	maphash.WriteComparable(&h, status)
	if status == http.StatusOK { // what an error says is not compared
		_, _ = h.Write(body)
	}
	return digest(h.Sum64())
}

// state is what a path answers from a change on.
type state struct {
	change int // its place in the history; -1 for what was there before
	answer digest
}

// world is the shop, rebuilt change by change.
type world struct {
	products   map[string]shop.Product
	categories []shop.Category // without their numbers of products
	states     map[string][]state
}

// replay returns the states of every path, in their order.
func replay(products []shop.Product, categories []shop.Category, changes []change) map[string][]state {
	w := &world{products: map[string]shop.Product{}, categories: categories, states: map[string][]state{}}
	for _, p := range products {
		w.products[p.ID] = p
	}
	for _, p := range products {
		w.one(-1, p.ID)
	}
	for _, c := range categories {
		w.category(-1, c.ID)
	}
	w.all(-1)
	for i, c := range changes {
		before, existed := w.products[c.product.ID]
		if c.gone {
			delete(w.products, c.product.ID)
		} else {
			w.products[c.product.ID] = c.product
		}
		w.one(i, c.product.ID)
		w.category(i, c.product.CategoryID)
		if existed && before.CategoryID != c.product.CategoryID {
			w.category(i, before.CategoryID)
		}
		w.all(i)
	}
	return w.states
}

func (w *world) one(i int, id string) {
	path := "/api/products/" + id
	if i >= 0 && len(w.states[path]) == 0 {
		w.add(-1, path, http.StatusNotFound, nil) // before it was created
	}
	if p, ok := w.products[id]; ok {
		w.add(i, path, http.StatusOK, p)
	} else {
		w.add(i, path, http.StatusNotFound, nil)
	}
}

func (w *world) category(i int, id string) {
	list := []shop.Product{}
	for p := range maps.Values(w.products) {
		if p.CategoryID == id {
			list = append(list, p)
		}
	}
	w.add(i, "/api/products?category="+id, http.StatusOK, newestFirst(list))
}

// all is what every change may show in.
func (w *world) all(i int) {
	list := newestFirst(slices.Collect(maps.Values(w.products)))
	w.add(i, "/api/products", http.StatusOK, list[:min(len(list), 50)])
	counted := slices.Clone(w.categories)
	for n := range counted {
		counted[n].Products = 0
		for p := range maps.Values(w.products) {
			if p.CategoryID == counted[n].ID {
				counted[n].Products++
			}
		}
	}
	w.add(i, "/api/categories", http.StatusOK, counted)
}

func (w *world) add(i int, path string, status int, value any) {
	body, err := json.Marshal(value)
	if err != nil {
		panic(err) // these types have a JSON form
	}
	w.states[path] = append(w.states[path], state{i, digestOf(status, append(body, '\n'))})
}

func newestFirst(list []shop.Product) []shop.Product {
	slices.SortFunc(list, func(a, b shop.Product) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	return list
}
