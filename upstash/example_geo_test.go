package upstash_test

import (
	"context"
	"fmt"
	"log"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// The shops near a customer, the nearest first, and how far they are.
func ExampleClient_GeoSearchWith() {
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()
	ctx, rdb := context.Background(), srv.Client()

	_, err = rdb.GeoAdd(ctx, "shops",
		command.GeoMember{Member: "Alexanderplatz", Longitude: 13.4132, Latitude: 52.5219},
		command.GeoMember{Member: "Zoo", Longitude: 13.3327, Latitude: 52.5072},
		command.GeoMember{Member: "Potsdam", Longitude: 13.0635, Latitude: 52.3914},
	)
	if err != nil {
		log.Fatal(err)
	}
	shops, err := rdb.GeoSearchWith(ctx, command.GeoSearchArgs{
		Key:    "shops",
		From:   command.GeoPoint{Longitude: 13.3777, Latitude: 52.5163},
		Within: command.GeoCircle{Radius: 10, Unit: command.Kilometers},
		Order:  command.NearestFirst,
		Count:  5,
	}, command.GeoWith{Dist: true})
	if err != nil {
		log.Fatal(err)
	}
	for _, shop := range shops {
		fmt.Printf("%s, %.1f km\n", shop.Member, shop.Dist)
	}
	// Output:
	// Alexanderplatz, 2.5 km
	// Zoo, 3.2 km
}
