package superjson

import (
	"strconv"
	"time"
)

const (
	isoFormat  = "2006-01-02T15:04:05.000Z"
	maxMillis  = 8_640_000_000_000_000 // the last Date of JavaScript, 100 million days after 1970
	maxYear    = 275_760               // the year of that day
	yearDigits = len("+275760")
)

// isoText writes an instant as Date.prototype.toISOString does, false where
// JavaScript has no such Date.
func isoText(t time.Time) (string, bool) {
	t = t.UTC()
	if t.Year() < -maxYear || t.Year() > maxYear || t.UnixMilli() < -maxMillis || t.UnixMilli() > maxMillis {
		return "", false
	}
	t = time.UnixMilli(t.UnixMilli()).UTC()
	year := t.Year()
	if 0 <= year && year <= 9999 {
		return t.Format(isoFormat), true
	}
	sign := "+"
	if year < 0 {
		sign, year = "-", -year
	}
	digits := strconv.Itoa(year)
	return sign + "000000"[len(digits):] + digits + t.Format(isoFormat[len("2006"):]), true
}

// parseISO reads what isoText writes, and RFC 3339, which Go writes.
func parseISO(text string) (time.Time, bool) {
	t, err := parseYears(text)
	if err != nil {
		return time.Time{}, false
	}
	t = t.UTC()
	_, ok := isoText(t)
	return t, ok
}

func parseYears(text string) (time.Time, error) {
	if len(text) <= yearDigits || text[0] != '+' && text[0] != '-' {
		return time.Parse(time.RFC3339, text)
	}
	year, err := strconv.Atoi(text[:yearDigits])
	if err != nil {
		return time.Time{}, err
	}
	// Package time reads four digits; the calendar repeats after 400 years.
	same := 2000 + (year%400+400)%400
	t, err := time.Parse(time.RFC3339, strconv.Itoa(same)+text[yearDigits:])
	if err != nil {
		return time.Time{}, err
	}
	return t.AddDate(year-same, 0, 0), nil
}
