package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"reflect"
	"time"
)

// Catalog is the content of the shop's database.
type Catalog struct {
	Categories []Category `json:"categories"`
	Products   []Product  `json:"products"`
}

// Category groups products.
type Category struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Product is one thing to sell.
type Product struct {
	ID         string    `json:"id"`
	Name       string    `json:"name"`
	Price      int64     `json:"price"` // in cents
	CategoryID string    `json:"categoryId"`
	Stock      int       `json:"stock"`
	CreatedAt  time.Time `json:"createdAt"`
	Images     []string  `json:"images"`
}

//go:embed catalog.json
var shipped []byte

const (
	likeShipped = "in the form of examples/quickstart/catalog.json"
	rfc3339     = "a time in the form 2026-01-31T08:00:00Z"
)

// readCatalog reads the file, or the catalog that is shipped when it has no name.
func readCatalog(file string) (Catalog, error) {
	if file == "" {
		return parseCatalog("catalog.json", shipped)
	}
	data, err := os.ReadFile(file) //nolint:gosec // reading the file that the user names is what -data is for
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Catalog{}, fmt.Errorf("-data %s: there is no such file: expected JSON %s", file, likeShipped)
	case err != nil:
		return Catalog{}, fmt.Errorf("-data: %w", err) // it names the file
	}
	return parseCatalog(file, data)
}

func parseCatalog(file string, data []byte) (Catalog, error) {
	var c Catalog
	if err := json.Unmarshal(data, &c); err != nil {
		at, what := explain(data, err)
		line, column := position(data, at)
		return Catalog{}, fmt.Errorf("%s:%d:%d: %s", file, line, column, what)
	}
	if err := c.check(); err != nil {
		return Catalog{}, fmt.Errorf("%s: %w", file, err)
	}
	return c, nil
}

// explain says what is wrong with the JSON text, and after how many bytes.
func explain(data []byte, err error) (at int64, what string) {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		return 0, "the file is empty: expected JSON " + likeShipped
	case errors.As(err, &syntax):
		return syntax.Offset, "not JSON: " + syntax.Error()
	case errors.As(err, &kind) && kind.Field == "":
		return kind.Offset, fmt.Sprintf("a JSON %s: expected an object with categories and products, %s", kind.Value, likeShipped)
	case errors.As(err, &kind) && kind.Type != reflect.TypeFor[time.Time]():
		return kind.Offset, fmt.Sprintf("%s is a JSON %s: expected %s", kind.Field, kind.Value, kinds[kind.Type.Kind()])
	}
	return misdated(data), "createdAt is not a time: expected " + rfc3339 // the only field that reads itself
}

// kinds are the Go types of a catalog, in words of JSON.
var kinds = map[reflect.Kind]string{
	reflect.Int: "a whole number", reflect.Int64: "a whole number, in cents",
	reflect.String: "a string", reflect.Slice: "an array", reflect.Struct: "an object",
}

// misdated finds the first createdAt that is not a time, because the error of
// [time.Time] does not know where it is.
func misdated(data []byte) (at int64) {
	dec := json.NewDecoder(bytes.NewReader(data))
	for {
		key, err := dec.Token()
		if err != nil {
			return 0
		}
		if key != json.Token("createdAt") {
			continue
		}
		value, _ := dec.Token()
		text, _ := value.(string)
		if value != nil && new(time.Time).UnmarshalText([]byte(text)) != nil {
			return dec.InputOffset()
		}
	}
}

// position is the line and the column of the last of the first n bytes.
func position(data []byte, n int64) (line, column int) {
	before := data[:min(max(n-1, 0), int64(len(data)))]
	return bytes.Count(before, []byte("\n")) + 1, len(before) - bytes.LastIndexByte(before, '\n')
}

// check says which product makes no sense.
func (c Catalog) check() error {
	categories := make(map[string]bool, len(c.Categories))
	for i, category := range c.Categories {
		switch {
		case category.ID == "":
			return fmt.Errorf("category %d has no id: expected one that no other category has", i+1)
		case categories[category.ID]:
			return fmt.Errorf("category %q comes twice: expected every id once", category.ID)
		}
		categories[category.ID] = true
	}
	products := make(map[string]bool, len(c.Products))
	for i, p := range c.Products {
		switch {
		case p.ID == "":
			return fmt.Errorf("product %d has no id: expected one that no other product has", i+1)
		case products[p.ID]:
			return fmt.Errorf("product %q comes twice: expected every id once", p.ID)
		case !categories[p.CategoryID]:
			return fmt.Errorf("product %q has the category %q, which is not among the categories: expected the id of one of the %d",
				p.ID, p.CategoryID, len(c.Categories))
		case p.Price < 0:
			return fmt.Errorf("product %q has a negative price: expected cents, 0 or more", p.ID)
		case p.CreatedAt.IsZero():
			return fmt.Errorf("product %q has no createdAt: expected %s", p.ID, rfc3339)
		}
		products[p.ID] = true
	}
	if len(c.Products) == 0 {
		return fmt.Errorf("there are no products: expected at least one, %s", likeShipped)
	}
	return nil
}
