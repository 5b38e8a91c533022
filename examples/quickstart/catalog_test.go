package main

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestShippedCatalog(t *testing.T) {
	t.Parallel()
	c, err := readCatalog("")
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Categories) != 8 || len(c.Products) < 200 {
		t.Errorf("%d products in %d categories, want at least 200 in 8", len(c.Products), len(c.Categories))
	}
	in := make(map[string]int)
	names := make(map[string]bool)
	for _, p := range c.Products {
		in[p.CategoryID]++
		if names[p.Name] {
			t.Errorf("%s comes twice", p.Name)
		}
		names[p.Name] = true
		if p.Name == "" || p.Price <= 0 || p.Stock < 0 || len(p.Images) != 2 {
			t.Errorf("%s is not filled in", p.ID)
		}
		for _, image := range p.Images {
			if !strings.HasPrefix(image, "https://example.com/") {
				t.Errorf("%s: image %s", p.ID, image)
			}
		}
	}
	for _, category := range c.Categories {
		if category.Name == "" || in[category.ID] < 20 {
			t.Errorf("category %q: %d products", category.ID, in[category.ID])
		}
	}
}

// The patterns leave room where the two implementations of encoding/json
// differ: in the column, and in whether a field is named with its index.
func TestDataErrors(t *testing.T) {
	t.Parallel()
	const (
		categories = `{"categories": [{"id": "a"}, {"id": "b"}], "products": `
		at         = `"createdAt": "2026-01-01T08:00:00Z"`
	)
	for _, tt := range []struct{ name, text, want string }{
		{"empty file", " \n", `:1:1: the file is empty: expected JSON in the form of examples/quickstart/catalog.json`},
		{"not JSON", "{\n  \"products\": [,]\n}", `:2:1[56]: not JSON: invalid character ',' looking for beginning of value`},
		{"cut off", "{\n  \"products\": [", `:2:1[56]: not JSON: unexpected end of JSON input`},
		{"two documents", "{\n} {}", `:2:[23]: not JSON: invalid character '{' after top-level value`},
		{"a list", "[]", `:1:1: a JSON array: expected an object with categories and products, in the form of examples/quickstart/catalog.json`},
		{"a price in text", categories + "[\n{\"id\": \"x\", \"price\": \"1.50\"}]}", `:2:2[0-9]: products(.0)?.price is a JSON string: expected a whole number, in cents`},
		{"a price in dollars", categories + "[\n{\"id\": \"x\", \"price\": 1.50}]}", `:2:2[0-9]: products(.0)?.price is a JSON number 1.50: expected a whole number, in cents`},
		{"a stock in text", categories + "[\n{\"stock\": \"7\"}]}", `:2:1[0-9]: products(.0)?.stock is a JSON string: expected a whole number`},
		{"a list that is none", `{"products": 3}`, `:1:1[34]: products is a JSON number: expected an array`},
		{"a date in numbers", categories + "[\n{\"createdAt\": null}, {\"createdAt\": 2026}]}", `:2:39: createdAt is not a time: expected a time in the form 2026-01-31T08:00:00Z`},
		{"a date in words", categories + "[\n{\"createdAt\": \"yesterday\"}]}", `:2:25: createdAt is not a time: expected a time in the form 2026-01-31T08:00:00Z`},
		{"no products", categories + `[]}`, `: there are no products: expected at least one, in the form of examples/quickstart/catalog.json`},
		{"nothing", `{}`, `: there are no products: expected at least one, in the form of examples/quickstart/catalog.json`},
		{"category without id", `{"categories": [{"name": "A"}]}`, `: category 1 has no id: expected one that no other category has`},
		{"category twice", `{"categories": [{"id": "a"}, {"id": "a"}]}`, `: category "a" comes twice: expected every id once`},
		{"product without id", categories + `[{"categoryId": "a"}]}`, `: product 1 has no id: expected one that no other product has`},
		{"product twice", categories + `[{"id": "x", "categoryId": "a", ` + at + `}, {"id": "x", "categoryId": "b", ` + at + `}]}`,
			`: product "x" comes twice: expected every id once`},
		{"unknown category", categories + `[{"id": "x", "categoryId": "c", ` + at + `}]}`,
			`: product "x" has the category "c", which is not among the categories: expected the id of one of the 2`},
		{"negative price", categories + `[{"id": "x", "categoryId": "a", "price": -1, ` + at + `}]}`,
			`: product "x" has a negative price: expected cents, 0 or more`},
		{"no createdAt", categories + `[{"id": "x", "categoryId": "a"}]}`,
			`: product "x" has no createdAt: expected a time in the form 2026-01-31T08:00:00Z`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			file := writeFile(t, tt.text)
			checkRefused(t, file, "quickstart: "+regexp.QuoteMeta(file)+tt.want)
		})
	}
}

func TestDataFileIsMissing(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "shop.json")
	checkRefused(t, file, "quickstart: -data "+regexp.QuoteMeta(file)+": there is no such file: expected JSON in the form of examples/quickstart/catalog.json")
}

// checkRefused runs with a data file and expects one line that matches the pattern.
func checkRefused(t *testing.T, file, pattern string) {
	t.Helper()
	var stdout, stderr strings.Builder
	status := run(t.Context(), []string{"-data", file}, &stdout, &stderr)
	if status != statusFailed || stdout.Len() > 0 || !regexp.MustCompile("^"+pattern+"\n$").MatchString(stderr.String()) {
		t.Errorf("status %d, stdout %q, stderr\n%s, want\n%s", status, stdout.String(), stderr.String(), pattern)
	}
}

func TestReportNumbers(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567"} {
		if got := count(n); got != want {
			t.Errorf("count(%d) = %s, want %s", n, got, want)
		}
	}
	if got := money(123456); got != "$1,234.56" {
		t.Errorf("money = %s", got)
	}
	if got := plural(1, "key", "keys") + ", " + plural(2000, "key", "keys"); got != "1 key, 2,000 keys" {
		t.Errorf("plural = %s", got)
	}
}
