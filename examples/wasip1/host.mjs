// A host for a program compiled to wasip1, which has no network: this one lends it
// its own, to one address and no other.
//
//   node --no-warnings host.mjs PROGRAM_WASM
//
// WASI calls are synchronous, and Node's network is not. So a second thread sends
// the requests, and this one sleeps until there is an answer.
import fs from "node:fs";
import http from "node:http";
import https from "node:https";
import { WASI } from "node:wasi";
import { isMainThread, MessageChannel, receiveMessageOnPort, Worker, workerData } from "node:worker_threads";

const [FAILED, NOT_CONNECTED, TIMED_OUT] = [-1, -2, -3];

if (isMainThread) {
  await run(process.argv[2]);
} else {
  serve(workerData);
}

async function run(file) {
  const { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token } = process.env;
  const answered = new Int32Array(new SharedArrayBuffer(4));
  const { port1: port, port2 } = new MessageChannel();
  const network = new Worker(new URL(import.meta.url), {
    workerData: { url, answered, port: port2 },
    transferList: [port2],
  });

  let memory;
  let response;
  const host = {
    exchange(address, length, milliseconds) {
      const before = Atomics.load(answered, 0);
      port.postMessage({ bytes: new Uint8Array(memory.buffer, address, length).slice(), milliseconds: Number(milliseconds) });
      Atomics.wait(answered, 0, before);
      const { failure, bytes } = receiveMessageOnPort(port).message;
      response = bytes;
      return failure ?? bytes.length;
    },
    take(address) {
      new Uint8Array(memory.buffer, address, response.length).set(response);
    },
  };
  const wasi = new WASI({
    version: "preview1",
    args: ["guest"],
    env: { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token },
    returnOnExit: true,
  });
  const module = await WebAssembly.compile(fs.readFileSync(file));
  const instance = await WebAssembly.instantiate(module, { ...wasi.getImportObject(), host });
  memory = instance.exports.memory;
  process.exitCode = wasi.start(instance);
  await network.terminate();
}

// serve answers the other thread, one request after the other.
function serve({ url, answered, port }) {
  const base = new URL(url);
  const { request, Agent } = base.protocol === "https:" ? https : http;
  const agent = new Agent({ keepAlive: true, timeout: 30_000 });

  async function exchange(bytes, milliseconds) {
    const { method, path, headers, body } = parse(Buffer.from(bytes));
    const signal = milliseconds > 0 ? AbortSignal.timeout(milliseconds) : undefined;
    let connected = false;
    try {
      const incoming = await new Promise((resolve, reject) => {
        const outgoing = request(base, { agent, method, path, headers, signal }, resolve);
        outgoing.on("error", reject).on("socket", (socket) => {
          const open = () => (connected = true);
          socket.connecting ? socket.once(base.protocol === "https:" ? "secureConnect" : "connect", open) : open();
        });
        outgoing.end(body);
      });
      return { bytes: format(incoming, Buffer.concat(await incoming.toArray())) };
    } catch {
      // What Node says may show the request.
      return { failure: signal?.aborted ? TIMED_OUT : connected ? FAILED : NOT_CONNECTED };
    }
  }

  port.on("message", async ({ bytes, milliseconds }) => {
    port.postMessage(await exchange(bytes, milliseconds).catch(() => ({ failure: FAILED })));
    Atomics.add(answered, 0, 1);
    Atomics.notify(answered, 0);
  });
}

// parse takes a request apart that Go's Request.Write has written.
function parse(bytes) {
  const end = bytes.indexOf("\r\n\r\n");
  const [first, ...lines] = bytes.toString("latin1", 0, end).split("\r\n");
  const [method, path] = first.split(" ");
  const headers = lines.flatMap((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  return { method, path, headers, body: bytes.subarray(end + 4) };
}

// format writes a response for Go's ReadResponse: whole, so with another length
// and nothing about the connection.
function format({ statusCode, statusMessage, rawHeaders }, body) {
  const lines = [`HTTP/1.1 ${statusCode} ${statusMessage}`];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (!/^(connection|keep-alive|transfer-encoding|content-length)$/i.test(rawHeaders[i])) {
      lines.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`);
    }
  }
  return Buffer.concat([Buffer.from([...lines, `Content-Length: ${body.length}`, "", ""].join("\r\n"), "latin1"), body]);
}
