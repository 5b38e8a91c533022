package otelupstash

import (
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"
)

// Option changes how calls are recorded.
type Option func(*config)

type config struct {
	tracers    trace.TracerProvider
	meters     metric.MeterProvider
	attributes []attribute.KeyValue
}

func newConfig(opts []Option) config {
	var c config
	for _, set := range opts {
		set(&c)
	}
	if c.tracers == nil {
		c.tracers = otel.GetTracerProvider()
	}
	if c.meters == nil {
		c.meters = otel.GetMeterProvider()
	}
	return c
}

// WithTracerProvider makes spans with p instead of the global provider.
func WithTracerProvider(p trace.TracerProvider) Option {
	return func(c *config) { c.tracers = p }
}

// WithMeterProvider measures with p instead of the global provider.
func WithMeterProvider(p metric.MeterProvider) Option {
	return func(c *config) { c.meters = p }
}

// WithAttributes adds attributes to every span and every measurement, such as
// which of several databases it is. Each distinct value is a time series.
func WithAttributes(attributes ...attribute.KeyValue) Option {
	return func(c *config) { c.attributes = append(c.attributes, attributes...) }
}

// WithServerAddress records server.address and, unless it is 0, server.port. They
// are not taken from the URL, which this SDK shows nowhere on its own.
func WithServerAddress(host string, port int) Option {
	return func(c *config) {
		c.attributes = append(c.attributes, semconv.ServerAddress(host))
		if port != 0 {
			c.attributes = append(c.attributes, semconv.ServerPort(port))
		}
	}
}
