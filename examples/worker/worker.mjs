// A host like those of Workers: every request is handed to a function
// fetch(request), which starts the Go program for it and returns a Response.
// Node's own HTTP server stands in for the network.
//
//   node worker.mjs WASM_EXEC_JS PROGRAM_WASM
//
// It prints its URL, and ends when its standard input does.
import fs from "node:fs";
import http from "node:http";
import { pathToFileURL } from "node:url";

const [support, program] = process.argv.slice(2);
await import(pathToFileURL(support)); // defines globalThis.Go
const module = await WebAssembly.compile(fs.readFileSync(program));
const { UPSTASH_REDIS_REST_URL, UPSTASH_REDIS_REST_TOKEN } = process.env;

// The calls under way, where the program finds the one that it was started for.
const calls = (globalThis.workerCalls = new Map());
let count = 0;

const worker = {
  async fetch(request) {
    const id = String(count++);
    const bytes = new Uint8Array(await request.arrayBuffer());
    const { method, url, signal } = request;
    const go = new Go();
    go.env = { WORKER_CALL: id, UPSTASH_REDIS_REST_URL, UPSTASH_REDIS_REST_TOKEN };
    const response = new Promise((resolve, reject) => {
      const respond = (status, headers, body) => resolve(new Response(body, { status, headers }));
      calls.set(id, { request: { method, url, signal, bytes, headers: [...request.headers] }, respond });
      WebAssembly.instantiate(module, go.importObject)
        .then((instance) => go.run(instance))
        // A timer that is still set would wake a program that is no longer there, and end this process.
        .finally(() => go._scheduledTimeouts.forEach(clearTimeout))
        .then(() => reject(new Error("the program ended without an answer")), reject);
    });
    return response.finally(() => calls.delete(id));
  },
};

const server = http.createServer(async (incoming, outgoing) => {
  const gone = new AbortController();
  outgoing.on("close", () => gone.abort());
  try {
    const chunks = await incoming.toArray();
    const request = new Request(`http://worker.example${incoming.url}`, {
      method: incoming.method,
      headers: Object.entries(incoming.headersDistinct).flatMap(([name, values]) => values.map((v) => [name, v])),
      body: chunks.length > 0 ? Buffer.concat(chunks) : undefined,
      signal: gone.signal,
    });
    const response = await worker.fetch(request);
    const body = Buffer.from(await response.arrayBuffer());
    outgoing.writeHead(response.status, [...response.headers].flat()).end(body);
  } catch (error) {
    console.error(error);
    outgoing.writeHead(500).end();
  }
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
process.stdin.resume().on("end", () => {
  server.close();
  server.closeAllConnections();
});
