// Callers that GET over and over through @upstash/redis with its defaults, which
// merge the commands of one tick into a pipeline. Run by node.go; prints how many
// calls a second were answered.
import { createRequire } from "node:module";
import { join } from "node:path";

const { CALLERS, KEY, MILLISECONDS, PACKAGES, VALUE } = process.env;
const { Redis } = createRequire(join(PACKAGES, "package.json"))("@upstash/redis");
const redis = Redis.fromEnv({ enableTelemetry: false });

let calls = 0;
let over = false;
async function caller() {
  while (!over) {
    if ((await redis.get(KEY)) !== VALUE) throw new Error("a GET returned another value");
    calls++;
  }
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const callers = Promise.all(Array.from({ length: Number(CALLERS) }, caller));
const time = Number(MILLISECONDS);
await sleep(time / 4); // connections are made, and code is compiled
const [before, start] = [calls, performance.now()];
await sleep(time - time / 4);
console.log((calls - before) / ((performance.now() - start) / 1000));
over = true;
await callers;
