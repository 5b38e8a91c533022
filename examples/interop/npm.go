package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// npm is a process of limiter.mjs. It answers one line with one line.
type npm struct {
	cmd        *exec.Cmd
	in         io.WriteCloser
	out        *bufio.Scanner
	complaints *bytes.Buffer
}

// limiters starts one.
func (n node) limiters(ctx context.Context, url, token string) (*npm, error) {
	cmd := exec.CommandContext(ctx, n.program, "limiter.mjs") //nolint:gosec // both are ours
	cmd.Dir = n.folder
	cmd.Env = append(os.Environ(), upstash.EnvURL+"="+url, upstash.EnvToken+"="+token)
	p := &npm{cmd: cmd, complaints: new(bytes.Buffer)}
	cmd.Stderr = p.complaints
	var err error
	if p.in, err = cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.out = bufio.NewScanner(out)
	return p, cmd.Start()
}

// close ends the process, which does so when its input does.
func (p *npm) close() {
	_ = p.in.Close()
	_ = p.cmd.Wait() // what went wrong was said before
}

// ask writes a line and reads one into answer.
func (p *npm) ask(question, answer any) error {
	text, err := json.Marshal(question)
	if err != nil {
		return err
	}
	if _, err := p.in.Write(append(text, '\n')); err != nil {
		return p.ended(err)
	}
	if !p.out.Scan() {
		return p.ended(errors.Join(p.out.Err(), io.ErrUnexpectedEOF))
	}
	return json.Unmarshal(p.out.Bytes(), answer)
}

// ended says what the process said last.
func (p *npm) ended(err error) error {
	p.close()
	return fmt.Errorf("limiter.mjs: %w: %s", err, bytes.TrimSpace(p.complaints.Bytes()))
}

// npmLimiter is a limiter in the process.
type npmLimiter struct {
	p    *npm
	name string
}

func (p *npm) make(l limiting, name string) (service, error) {
	return npmLimiter{p, name}, p.ask(map[string]any{"make": map[string]any{
		"name": name, "algorithm": l.algorithm, "numbers": l.numbers(), "prefix": alternatingPrefix,
		"cache": l.everything, "dynamic": l.everything, "analytics": l.everything,
	}}, &struct{}{})
}

func (n npmLimiter) turn(_ context.Context, now int64, calls []limitCall) ([]verdict, error) {
	var answer struct{ Results []verdict }
	err := n.p.ask(map[string]any{"now": now, "name": n.name, "calls": calls}, &answer)
	return answer.Results, err
}
