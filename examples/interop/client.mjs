// The TypeScript side: the npm packages as they are, against whatever server
// UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN name. Run by main.go:
//
//   node client.mjs STAGE
//
// Every check prints one line: {"check":NAME,"ok":true} or, when it failed,
// {"check":NAME,"ok":false,"error":TEXT}. A line {"signal":CHANNEL} asks the Go
// side to publish there.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { Ratelimit } from "@upstash/ratelimit";
import { Redis } from "@upstash/redis";
import superjson from "superjson";

const url = process.env.UPSTASH_REDIS_REST_URL;
const token = process.env.UPSTASH_REDIS_REST_TOKEN;

// What crosses the wire is seen here; nothing is changed.
const wire = [];
const realFetch = globalThis.fetch;
globalThis.fetch = async (to, init) => {
  const seen = { to: String(to), sync: init?.headers?.["upstash-sync-token"] };
  if (init?.body) seen.body = JSON.parse(init.body);
  wire.push(seen);
  const response = await realFetch(to, init);
  seen.issued = response.headers.get("upstash-sync-token");
  return response;
};

// requests is how many HTTP requests an action makes.
async function requests(action) {
  const before = wire.length;
  await action();
  return wire.length - before;
}

const redis = Redis.fromEnv(); // every default: base64, deserialization, auto-pipelining
const text = Redis.fromEnv({ automaticDeserialization: false }); // stored text as it is
const single = Redis.fromEnv({ enableAutoPipelining: false }); // one command, one request

const same = assert.deepStrictEqual;
const unicode = 'naïve 日本語 🚀👩\u200d🚀 "quoted" \\ \u0000 \u2028 \r\n\t <&>';
const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => 255 - i));

const stages = {};
function check(stage, name, f) {
  (stages[stage] ??= []).push([name, f]);
}

// ---------------------------------------------------------------------------
// sdk: the commands of @upstash/redis, under keys that no other run uses.

const run = randomUUID();
const k = (name) => `sdk:${run}:${name}`;

check("sdk", "strings: set and get", async () => {
  same(await redis.set(k("s"), "hello"), "OK");
  same(await redis.get(k("s")), "hello");
  same(await redis.get(k("absent")), null);
  same(await redis.set(k("empty"), ""), "OK");
  same(await redis.get(k("empty")), "");
  same(await redis.set(k("ok"), "OK"), "OK"); // the one text that base64 leaves alone
  same(await redis.get(k("ok")), "OK");
  same(await redis.append(k("s"), " world"), 11);
  same(await redis.strlen(k("s")), 11);
  same(await redis.getrange(k("s"), 6, -1), "world");
  same(await redis.setrange(k("s"), 6, "there"), 11);
  same(await redis.getdel(k("s")), "hello there");
  same(await redis.exists(k("s"), k("empty"), k("ok")), 2);
  same(await redis.type(k("ok")), "string");
  same(await redis.del(k("empty"), k("ok")), 2);
});

check("sdk", "strings: unicode and control characters", async () => {
  await redis.set(k("unicode"), unicode);
  same(await redis.get(k("unicode")), unicode);
  same(await redis.strlen(k("unicode")), Buffer.byteLength(unicode));
  await redis.set(k(unicode), 1);
  same(await redis.get(k(unicode)), 1);
});

check("sdk", "strings: numbers and booleans", async () => {
  for (const value of [0, 42, -1, 3.14, 0.1 + 0.2, Number.MAX_SAFE_INTEGER, true, false]) {
    await redis.set(k("value"), value);
    same(await redis.get(k("value")), value);
    same(await text.get(k("value")), String(value));
  }
  same(await redis.incr(k("n")), 1);
  same(await redis.incrby(k("n"), 41), 42);
  same(await redis.decrby(k("n"), 2), 40);
  same(await redis.incrbyfloat(k("n"), 0.5), 40.5);
});

check("sdk", "strings: large integers stay text", async () => {
  for (const big of ["9007199254740993", "9223372036854775807", "-9223372036854775808", "123456789012345678901234567890"]) {
    await redis.set(k("big"), big);
    same(await redis.get(k("big")), big);
  }
  await redis.set(k("decimal"), "1.0");
  same(await redis.get(k("decimal")), "1.0");
});

check("sdk", "strings: JSON by automatic deserialization", async () => {
  const value = { id: 7, name: unicode, nested: { list: [1, "2", null, true, { deep: [] }] }, none: null };
  await redis.set(k("json"), value);
  same(await redis.get(k("json")), value);
  same(await text.get(k("json")), JSON.stringify(value));
  await redis.set(k("array"), [1, "two", { three: 3 }]);
  same(await redis.get(k("array")), [1, "two", { three: 3 }]);
});

check("sdk", "strings: mset, mget, msetnx", async () => {
  same(await redis.mset({ [k("m1")]: "one", [k("m2")]: 2, [k("m3")]: { three: 3 } }), "OK");
  same(await redis.mget(k("m1"), k("absent"), k("m2"), k("m3")), ["one", null, 2, { three: 3 }]);
  same(await redis.msetnx({ [k("m1")]: "other", [k("m4")]: 4 }), 0);
  same(await redis.get(k("m4")), null);
});

check("sdk", "strings: setex, nx, xx, get, keepttl", async () => {
  same(await redis.setex(k("ex"), 60, "v"), "OK");
  same(await redis.ttl(k("ex")), 60);
  same(await redis.set(k("ex"), "w", { keepTtl: true }), "OK");
  same(await redis.ttl(k("ex")), 60);
  same(await redis.set(k("ex"), "x", { nx: true }), null);
  same(await redis.set(k("new"), "x", { nx: true, ex: 30 }), "OK");
  same(await redis.set(k("absent"), "x", { xx: true }), null);
  same(await redis.set(k("ex"), "y", { get: true }), "w");
  same(await redis.ttl(k("ex")), -1);
  same(await redis.setnx(k("ex"), "z"), 0);
  same(await redis.expire(k("ex"), 5), 1);
  same(await redis.persist(k("ex")), 1);
  same(await redis.ttl(k("absent")), -2);
});

check("sdk", "hashes", async () => {
  same(await redis.hset(k("h"), { name: "Ada", age: 36, tags: ["a", "b"], big: "9007199254740993" }), 4);
  same(await redis.hgetall(k("h")), { name: "Ada", age: 36, tags: ["a", "b"], big: "9007199254740993" });
  same(await redis.hgetall(k("absent")), null);
  same(await redis.hget(k("h"), "tags"), ["a", "b"]);
  same(await redis.hget(k("h"), "absent"), null);
  same(await redis.hmget(k("h"), "name", "absent", "age"), { name: "Ada", absent: null, age: 36 });
  same(await redis.hincrby(k("h"), "age", 1), 37);
  same(await redis.hsetnx(k("h"), "name", "Eve"), 0);
  same((await redis.hkeys(k("h"))).sort(), ["age", "big", "name", "tags"]);
  same(await redis.hlen(k("h")), 4);
  same(await redis.hexists(k("h"), "big"), 1);
  same(await redis.hdel(k("h"), "big", "absent"), 1);
  same(await redis.hscan(k("h"), 0, { match: "n*" }), ["0", ["name", "Ada"]]);
});

check("sdk", "lists", async () => {
  same(await redis.rpush(k("l"), "a", 2, { c: 3 }), 3);
  same(await redis.lpush(k("l"), "zero"), 4);
  same(await redis.lrange(k("l"), 0, -1), ["zero", "a", 2, { c: 3 }]);
  same(await redis.lindex(k("l"), 3), { c: 3 });
  same(await redis.lpos(k("l"), "a"), 1);
  same(await redis.lset(k("l"), 1, "A"), "OK");
  same(await redis.linsert(k("l"), "after", "A", "B"), 5);
  same(await redis.lrem(k("l"), 1, "B"), 1);
  same(await redis.lmove(k("l"), k("l2"), "left", "right"), "zero");
  same(await redis.ltrim(k("l"), 0, 1), "OK");
  same(await redis.rpop(k("l")), 2);
  same(await redis.lpop(k("l")), "A");
  same(await redis.llen(k("l")), 0);
  same(await redis.lpop(k("l")), null);
});

check("sdk", "sets", async () => {
  same(await redis.sadd(k("set"), "a", "b", 3), 3);
  same(await redis.sadd(k("set"), "a"), 0);
  same((await redis.smembers(k("set"))).map(String).sort(), ["3", "a", "b"]);
  same(await redis.sismember(k("set"), "a"), 1);
  same(await redis.smismember(k("set"), ["a", "x", 3]), [1, 0, 1]);
  same(await redis.sadd(k("set2"), "b", "c"), 2);
  same(await redis.sinter(k("set"), k("set2")), ["b"]);
  same(await redis.sdiff(k("set2"), k("set")), ["c"]);
  same((await redis.sunion(k("set"), k("set2"))).map(String).sort(), ["3", "a", "b", "c"]);
  same(await redis.srem(k("set"), "a", "x"), 1);
  same(await redis.scard(k("set")), 2);
});

check("sdk", "sorted sets", async () => {
  const z = k("z");
  same(await redis.zadd(z, { score: 1, member: "one" }, { score: 2.5, member: "two and a half" }, { score: -3, member: "low" }), 3);
  same(await redis.zadd(z, { nx: true }, { score: 9, member: "one" }), 0);
  same(await redis.zscore(z, "two and a half"), 2.5);
  same(await redis.zrange(z, 0, -1), ["low", "one", "two and a half"]);
  same(await redis.zrange(z, 0, -1, { withScores: true }), ["low", -3, "one", 1, "two and a half", 2.5]);
  same(await redis.zrange(z, "-inf", "(2.5", { byScore: true }), ["low", "one"]);
  same(await redis.zrange(z, 0, 0, { rev: true }), ["two and a half"]);
  same(await redis.zincrby(z, 1.5, "one"), 2.5);
  same(await redis.zrank(z, "low"), 0);
  same(await redis.zcount(z, 2, 3), 2);
  same(await redis.zmscore(z, ["low", "absent"]), [-3, null]);
  same(await redis.zrem(z, "one"), 1);
  same(await redis.zpopmin(z), ["low", -3]);
  same(await redis.zremrangebyscore(z, 0, 10), 1);
  same(await redis.zcard(z), 0);
});

check("sdk", "streams: xadd, xrange, xread, xtrim", async () => {
  const x = k("x");
  same(await redis.xadd(x, "1-1", { name: "Ada", n: 1 }), "1-1");
  same(await redis.xadd(x, "1-2", { name: unicode, doc: { a: [1] } }), "1-2");
  same(await redis.xadd(x, "2-0", { last: true }), "2-0");
  same(await redis.xlen(x), 3);
  same(await redis.xrange(x, "-", "+"), {
    "1-1": { name: "Ada", n: 1 },
    "1-2": { name: unicode, doc: { a: [1] } },
    "2-0": { last: true },
  });
  same(await redis.xrange(x, "1-2", "+", 1), { "1-2": { name: unicode, doc: { a: [1] } } });
  same(await redis.xrevrange(x, "+", "-", 1), { "2-0": { last: true } });
  same(await redis.xread(x, "1-2"), [[x, [["2-0", ["last", true]]]]]);
  same(await redis.xread(x, "2-0"), null);
  same(await redis.xtrim(x, { strategy: "MAXLEN", threshold: 2, exactness: "=" }), 1);
  same(await redis.xdel(x, "1-2"), 1);
  await assert.rejects(redis.xadd(x, "1-0", { late: 1 }), /equal or smaller/);
});

check("sdk", "streams: consumer groups", async () => {
  const x = k("xg");
  await redis.xadd(x, "1-1", { job: 1 });
  await redis.xadd(x, "1-2", { job: 2 });
  same(await redis.xgroup(x, { type: "CREATE", group: "g", id: "0" }), "OK");
  await assert.rejects(redis.xgroup(x, { type: "CREATE", group: "g", id: "0" }), /BUSYGROUP/);
  same(await redis.xreadgroup("g", "me", [x], [">"], { count: 1 }), [[x, [["1-1", ["job", 1]]]]]);
  same(await redis.xreadgroup("g", "you", [x], [">"]), [[x, [["1-2", ["job", 2]]]]]);
  same(await redis.xreadgroup("g", "me", [x], [">"]), null);
  same(await redis.xpending(x, "g", "-", "+", 10).then((all) => all.map(([id, who]) => [id, who])), [["1-1", "me"], ["1-2", "you"]]);
  same(await redis.xack(x, "g", "1-1"), 1);
  same(await redis.xclaim(x, "g", "me", 0, "1-2"), [["1-2", ["job", 2]]]);
  same(await redis.xgroup(x, { type: "DESTROY", group: "g" }), 1);
  await assert.rejects(redis.xreadgroup("g", "me", [x], [">"]), /NOGROUP/);
});

check("sdk", "scripts: eval and evalsha", async () => {
  const source = "redis.call('SET', KEYS[1], ARGV[1]) return {KEYS[1], ARGV[1], tonumber(ARGV[2]) + 1, false, redis.call('GET', KEYS[1])}";
  const want = [k("script"), "v", 42, null, "v"];
  same(await redis.eval(source, [k("script")], ["v", 41]), want);
  const sha = await redis.scriptLoad(source);
  same(await redis.evalsha(sha, [k("script")], ["v", 41]), want);
  same(await redis.scriptExists(sha, "0".repeat(40)), [1, 0]);
  await assert.rejects(redis.evalsha("0".repeat(40), [], []), /NOSCRIPT No matching script/);
  await assert.rejects(redis.eval("return redis.call('LPUSH', KEYS[1], 'x')", [k("script")], []), /WRONGTYPE/);
});

check("sdk", "scripts: createScript falls back from NOSCRIPT", async () => {
  const script = redis.createScript(`-- ${run}\nreturn redis.call('INCRBY', KEYS[1], ARGV[1])`);
  same(await requests(async () => same(await script.exec([k("counter")], [5]), 5)), 2); // EVALSHA, EVAL
  same(await requests(async () => same(await script.exec([k("counter")], [5]), 10)), 1); // EVALSHA
  const reader = redis.createScript("return redis.call('GET', KEYS[1])", { readonly: true });
  same(await reader.exec([k("counter")], []), 10);
});

check("sdk", "pipeline", async () => {
  const made = await requests(async () => {
    const p = redis.pipeline();
    p.set(k("p"), { a: 1 }).get(k("p")).incr(k("pn")).hset(k("ph"), { f: 1 }).hgetall(k("ph")).get(k("absent")).set(k("pok"), "x");
    same(await p.exec(), ["OK", { a: 1 }, 1, 1, { f: 1 }, null, "OK"]);
  });
  same(made, 1);
  const kept = await redis.pipeline().set(k("p"), "text").incr(k("p")).get(k("p")).exec({ keepErrors: true });
  same(kept.map(({ result }) => result), ["OK", undefined, "text"]);
  assert.match(kept[1].error, /^ERR value is not an integer or out of range$/);
});

check("sdk", "multi-exec", async () => {
  const made = await requests(async () => {
    same(await redis.multi().set(k("tx"), 1).incr(k("tx")).lpush(k("txl"), "a").get(k("tx")).exec(), ["OK", 2, 1, 2]);
  });
  same(made, 1);
  assert.match(wire.at(-1).to, /\/multi-exec$/);
  const kept = await redis.multi().incr(k("txl")).incr(k("tx")).exec({ keepErrors: true }); // no rollback
  assert.match(kept[0].error, /^WRONGTYPE/);
  same(kept[1].result, 3);
  await assert.rejects(redis.multi().set(k("tx"), 9).del().exec(), /EXECABORT/); // no arguments: none of it runs
  same(await redis.get(k("tx")), 3);
});

check("sdk", "errors", async () => {
  await redis.rpush(k("list"), 1);
  await assert.rejects(single.get(k("list")), (e) => {
    same(e.name, "UpstashError");
    assert.match(e.message, /^WRONGTYPE Operation against a key holding the wrong kind of value, command was: /);
    return true;
  });
  const stranger = new Redis({ url, token: "not-the-token", enableAutoPipelining: false });
  await assert.rejects(stranger.get("x"), /^UpstashError: WRONGPASS invalid or missing auth token/);
});

check("sdk", "generic exec and scan", async () => {
  same(await redis.exec(["SET", k("generic"), "1", "EX", 60]), "OK");
  same(await redis.exec(["STRLEN", k("generic")]), 1);
  for (let i = 0; i < 25; i++) redis.set(k(`scan:${i}`), i);
  await redis.set(k("scan:last"), 1);
  const found = new Set();
  let cursor = "0";
  do {
    const [next, keys] = await redis.scan(cursor, { match: k("scan:*"), count: 10 });
    for (const key of keys) found.add(key);
    cursor = next;
  } while (cursor !== "0");
  same(found.size, 26);
});

check("sdk", "auto-pipelining: 1,000 calls in a request", async () => {
  const numbers = Array.from({ length: 1000 }, (_, i) => i);
  same(await requests(async () => {
    same(await Promise.all(numbers.map((i) => redis.set(k(`auto:${i}`), { i }))), numbers.map(() => "OK"));
  }), 1);
  same(wire.at(-1).body.length, 1000);
  same(await requests(async () => {
    same(await Promise.all(numbers.map((i) => redis.get(k(`auto:${i}`)))), numbers.map((i) => ({ i })));
  }), 1);
  const settled = await Promise.allSettled(numbers.map((i) => (i % 10 ? redis.incr(k("autocount")) : redis.incr(k("list")))));
  same(settled.filter(({ status }) => status === "rejected").length, 100);
  same(settled.filter(({ status }) => status === "fulfilled").map(({ value }) => value), numbers.slice(1, 901));
});

check("sdk", "200 requests at once", async () => {
  const numbers = Array.from({ length: 200 }, (_, i) => i + 1);
  same(await requests(async () => {
    const got = await Promise.all(numbers.map(() => single.incr(k("parallel"))));
    same(got.sort((a, b) => a - b), numbers);
  }), 200);
});

check("sdk", "read your writes: the sync token goes along", async () => {
  const client = Redis.fromEnv({ enableAutoPipelining: false });
  const from = wire.length;
  await client.set(k("ryw"), 1);
  await client.get(k("ryw"));
  await client.pipeline().incr(k("ryw")).get(k("ryw")).exec();
  await client.multi().incr(k("ryw")).exec();
  await client.get(k("ryw"));
  const seen = wire.slice(from);
  const issued = seen.map((one) => one.issued);
  for (const one of issued) assert.match(one, /./);
  same(new Set(issued).size, 5);
  same(client.readYourWritesSyncToken, issued[4]);
  // This version sends a token one request late (upstash/redis-js#1447).
  same(seen.map((one) => one.sync), [undefined, "", issued[0], issued[1], issued[2]]);

  const other = Redis.fromEnv({ enableAutoPipelining: false });
  other.readYourWritesSyncToken = issued[4];
  same(await other.get(k("ryw")), 3);
  assert.notEqual(other.readYourWritesSyncToken, issued[4]);
});

// ---------------------------------------------------------------------------
// read: what Go wrote.

check("read", "text", async () => {
  same(await redis.get("go:text"), "hello from Go: " + unicode);
});

check("read", "integers", async () => {
  same(await redis.get("go:small"), 42);
  same(await redis.get("go:big"), "9223372036854775807");
});

check("read", "JSON", async () => {
  const want = { id: 42, name: "Käse <&> 🧀", price: 12.5, tags: ["a", "b"], owner: null, nested: { on: true } };
  same(await redis.get("go:json"), want);
});

check("read", "hash", async () => {
  same(await redis.hgetall("go:hash"), { name: "Ada", age: 36, big: "9007199254740993", tags: ["a", "b"] });
});

check("read", "list, set, sorted set", async () => {
  same(await redis.lrange("go:list", 0, -1), ["a", 2, { c: 3 }]);
  same((await redis.smembers("go:set")).sort(), ["x", "y"]);
  same(await redis.zrange("go:zset", 0, -1, { withScores: true }), ["low", -1.5, "high", 1e6]);
});

check("read", "stream", async () => {
  same(await redis.xrange("go:stream", "-", "+"), { "5-1": { kind: "order", total: 99 }, "5-2": { kind: unicode } });
});

check("read", "bytes as base64 text", async () => {
  same(Buffer.from(await redis.get("go:base64"), "base64"), bytes);
});

check("read", "raw bytes", async () => {
  // The SDK decodes text; a plain fetch shows that the bytes are there.
  const response = await fetch(`${url}/get/go:bytes`, { headers: { authorization: `Bearer ${token}`, "Upstash-Encoding": "base64" } });
  same(Buffer.from((await response.json()).result, "base64"), bytes);
  same(await redis.strlen("go:bytes"), 256);
});

check("read", "expiry and a script that Go loaded", async () => {
  same(await redis.ttl("go:expiring"), 90);
  same(await redis.evalsha(await redis.get("go:sha"), ["go:text"], []), await redis.strlen("go:text"));
});

// ---------------------------------------------------------------------------
// write: what Go will read.

check("write", "strings", async () => {
  await redis.set("ts:text", "hello from TypeScript: " + unicode);
  await redis.set("ts:number", 0.1 + 0.2);
  await redis.set("ts:big", "9223372036854775806");
  await redis.set("ts:bool", true);
  await redis.setex("ts:expiring", 90, "x");
  await redis.set("ts:base64", bytes.toString("base64"));
});

check("write", "JSON", async () => {
  await redis.set("ts:json", { id: 42, name: "Käse <&> 🧀", price: 12.5, tags: ["a", "b"], owner: null, nested: { on: true } });
});

check("write", "collections", async () => {
  await redis.hset("ts:hash", { name: "Ada", age: 36, address: { city: "Zürich" }, ok: false });
  await redis.rpush("ts:list", "a", 2, { c: 3 });
  await redis.sadd("ts:set", "x", "y");
  await redis.zadd("ts:zset", { score: -1.5, member: "low" }, { score: 1e6, member: "high" }, { score: 2, member: "mid" });
  await redis.xadd("ts:stream", "5-1", { kind: "order", total: 99 });
});

check("write", "superjson", async () => {
  const value = { at: new Date(Date.UTC(2026, 0, 31, 8)), big: 9007199254740993n, tags: new Set(["a"]), none: undefined };
  await redis.set("ts:superjson", superjson.stringify(value), { ex: 3600 });
});

// ---------------------------------------------------------------------------
// cache: entries of Go's cache, read the way the seed's cacheGetJson does.

// The stored text goes to superjson as it is, so this client must not parse it.
async function cacheGetJson(key) {
  const data = await text.get(key);
  return data ? superjson.parse(data) : null;
}

// The same for a client that has parsed it already.
async function cacheGetParsed(key) {
  const data = await redis.get(key);
  return data ? superjson.deserialize(data) : null;
}

// The full reader: like Go's, it takes an entry only while the stamps that the
// entry carries are those of the database. One MGET, for any number of tags.
async function cacheGetValid(key, tags) {
  const [data, epoch, ...stamps] = await text.mget(`shop:k:${key}`, "shop:e", ...tags.map((tag) => `shop:t:${tag}`));
  if (!data) return null;
  const { $c: header, json } = JSON.parse(data);
  const carried = header?.s ?? {};
  const known = Object.keys(carried).every((tag) => tags.includes(tag));
  const current = tags.every((tag, i) => stamps[i] && stamps[i] === carried[tag]);
  return header?.v === 1 && epoch && header.e === epoch && known && current ? json : null;
}

const product = (id, price) => ({ id, name: "Käse <&> 🧀", price, createdAt: "2026-01-31T08:00:00Z", images: ["a.png", "b.png"], category: null });

for (const [how, get] of [["superjson.parse", cacheGetJson], ["superjson.deserialize", cacheGetParsed]]) {
  check("cache", `${how} reads an entry`, async () => {
    same(await get("shop:k:product:42"), product("42", 1250));
    same(await get("shop:k:product:7"), product("7", 990));
  });
  check("cache", `${how} reads no value from an absence`, async () => {
    same(await get("shop:k:product:gone"), null);
    same(await get("shop:k:product:never-asked-for"), null);
  });
}

check("cache", "superjson.parse of what a default client returns throws", async () => {
  await assert.rejects(async () => superjson.parse(await redis.get("shop:k:product:42")), /JSON/);
});

check("cache", "the entry expires with its TTL", async () => {
  same(await redis.ttl("shop:k:product:42"), 3600);
});

check("cache", "a reader that checks the stamps", async () => {
  same(await cacheGetValid("product:42", ["products", "product:42"]), product("42", 1250));
  same(await cacheGetValid("product:42", ["products"]), null); // it carries a tag that was not asked for
  same(await cacheGetValid("product:gone", ["products", "product:gone"]), null);
});

check("invalidated", "what Go has invalidated is a miss for a reader that checks the stamps", async () => {
  same(await cacheGetValid("product:42", ["products", "product:42"]), null);
  same(await cacheGetValid("product:7", ["products", "product:7"]), product("7", 990));
  same(await cacheGetJson("shop:k:product:42"), product("42", 1250)); // and one that does not goes on reading it
});

check("lease", "an entry that Go is loading reads as a miss", async () => {
  same(await redis.exists("shop:k:product:42"), 1);
  same(await cacheGetJson("shop:k:product:42"), null);
  same(await cacheGetParsed("shop:k:product:42"), null);
});

check("del-tag", "del of one product's stamp", async () => {
  same(await redis.del("shop:t:product:42"), 1);
});

check("del-tags", "del of the common stamp", async () => {
  same(await redis.del("shop:t:products"), 1);
});

check("del-all", "del of the namespace's stamp", async () => {
  same(await redis.del("shop:e"), 1);
});

check("overwrite", "set of a document of its own over an entry", async () => {
  same(await redis.set("shop:k:product:7", superjson.stringify({ at: new Date(0) })), "OK");
});

// ---------------------------------------------------------------------------
// superjson: entries whose values JSON alone does not carry.

const order = (id, total) => ({
  id, total, at: new Date(Date.UTC(2026, 0, 31, 8, 0, 0, 5)), tags: new Set(["a", "b"]), amounts: new Map([["tea", 2]]), note: undefined,
});

for (const [how, get] of [["superjson.parse", cacheGetJson], ["superjson.deserialize", cacheGetParsed]]) {
  check("superjson", `${how} reads an entry with its Date, bigint, Set and Map`, async () => {
    same(await get("shop:k:order:1"), order("1", 12345678901234567890n));
  });
}

check("superjson", "gunzip and superjson.parse read a compressed entry", async () => {
  const { json, meta } = JSON.parse(await text.get("shop:k:history:1"));
  same(meta, undefined);
  const history = superjson.parse(gunzipSync(Buffer.from(json, "base64")).toString());
  same(history, Array.from({ length: 100 }, (_, i) => order(String(i), BigInt(i))));
});

check("superjson", "writes orders of its own with superjson.stringify", async () => {
  same(await redis.set("shop:k:order:2", superjson.stringify(order("2", 2n ** 70n)), { ex: 60 }), "OK");
  same(await redis.set("shop:k:order:none", superjson.stringify(null), { ex: 60 }), "OK");
});

check("del-orders", "del of the orders' stamp", async () => {
  same(await redis.del("shop:t:orders"), 1);
});

// ---------------------------------------------------------------------------
// bare: entries that are nothing but their values.

check("bare", "redis.get reads a value that Go cached", async () => {
  same(await redis.get("shop:k:price:tea"), { cents: 450, note: "Käse <&> 🧀" });
  same(await redis.ttl("shop:k:price:tea"), 3600);
});

check("bare", "redis.set of a value of its own", async () => {
  same(await redis.set("shop:k:price:milk", { cents: 9 }, { ex: 60 }), "OK");
});

check("bare-set", "redis.set while Go loads: no placeholder is in the way", async () => {
  same(await redis.get("shop:k:price:set meanwhile"), null);
  same(await redis.set("shop:k:price:set meanwhile", { cents: 7 }, { ex: 60 }), "OK");
});

check("bare-del", "redis.del of a value and its lease while Go loads", async () => {
  same(await redis.del("shop:k:price:deleted meanwhile", "shop:l:price:deleted meanwhile"), 1);
});

// ---------------------------------------------------------------------------
// limits: every algorithm of @upstash/ratelimit. The clock of this process
// stands still unless it is moved, so that windows and resets are exact.

const start = 1700000003123; // 3123 ms into a window of 10 s
let now = () => start;
const limits = (name, limiter, more) => new Ratelimit({ redis, limiter, prefix: `rl:${name}`, timeout: 0, ...more });
const verdict = ({ success, limit, remaining, reset, reason }) => (reason ? { success, limit, remaining, reset, reason } : { success, limit, remaining, reset });

function limitCheck(name, f) {
  check("limits", name, async () => {
    const real = Date.now;
    now = () => start;
    Date.now = () => now();
    try {
      await f();
    } finally {
      Date.now = real;
    }
  });
}

limitCheck("fixedWindow: limit, getRemaining", async () => {
  const limiter = limits("fixed", Ratelimit.fixedWindow(3, "10 s"));
  const reset = 1700000010000;
  for (const remaining of [2, 1, 0]) {
    same(verdict(await limiter.limit("u")), { success: true, limit: 3, remaining, reset });
  }
  same(verdict(await limiter.limit("u")), { success: false, limit: 3, remaining: 0, reset });
  same(await requests(async () => {
    same(verdict(await limiter.limit("u")), { success: false, limit: 3, remaining: 0, reset, reason: "cacheBlock" });
  }), 0);
  same(await limiter.getRemaining("u"), { remaining: 0, reset, limit: 3 });
  same(verdict(await limiter.limit("costly", { rate: 2 })), { success: true, limit: 3, remaining: 1, reset });
  now = () => reset + 1;
  same(verdict(await limiter.limit("u")), { success: true, limit: 3, remaining: 2, reset: reset + 10000 });
});

limitCheck("fixedWindow: resetUsedTokens", async () => {
  const limiter = limits("reset", Ratelimit.fixedWindow(3, "10 s"));
  await limiter.limit("u");
  await limiter.limit("u");
  await limiter.limit("other");
  same((await limiter.getRemaining("u")).remaining, 1);
  await limiter.resetUsedTokens("u");
  same((await limiter.getRemaining("u")).remaining, 3);
  same((await limiter.getRemaining("other")).remaining, 2);
});

limitCheck("slidingWindow: limit, getRemaining", async () => {
  const limiter = limits("sliding", Ratelimit.slidingWindow(4, "10 s"));
  for (const remaining of [3, 2, 1, 0]) {
    same(verdict(await limiter.limit("u")), { success: true, limit: 4, remaining, reset: 1700000010000 });
  }
  same(verdict(await limiter.limit("u")), { success: false, limit: 4, remaining: 0, reset: 1700000010000 });
  now = () => 1700000012500; // the window before still counts 3 of its 4
  same(verdict(await limiter.limit("u")), { success: true, limit: 4, remaining: 0, reset: 1700000020000 });
  same(verdict(await limiter.limit("u")), { success: false, limit: 4, remaining: 0, reset: 1700000020000 });
  now = () => 1700000017500; // and now 1
  same(await limiter.getRemaining("u"), { remaining: 2, reset: 1700000020000, limit: 4 });
});

limitCheck("tokenBucket: limit, getRemaining, resetUsedTokens", async () => {
  const limiter = limits("bucket", Ratelimit.tokenBucket(2, "10 s", 5));
  const reset = start + 10000;
  same(verdict(await limiter.limit("u")), { success: true, limit: 5, remaining: 4, reset });
  same(verdict(await limiter.limit("u", { rate: 3 })), { success: true, limit: 5, remaining: 1, reset });
  same(verdict(await limiter.limit("u", { rate: 2 })), { success: false, limit: 5, remaining: 0, reset });
  now = () => reset + 1;
  same(verdict(await limiter.limit("u")), { success: true, limit: 5, remaining: 2, reset: reset + 10000 });
  same(await limiter.getRemaining("u"), { remaining: 2, reset: reset + 10000, limit: 5 });
  await limiter.limit("gone");
  await limiter.resetUsedTokens("gone");
  same((await limiter.getRemaining("gone")).remaining, 5);
});

limitCheck("cachedFixedWindow: limit", async () => {
  const limiter = limits("cached", Ratelimit.cachedFixedWindow(3, "10 s"), { ephemeralCache: new Map() });
  const reset = 1700000010000;
  for (const [success, remaining] of [[true, 2], [true, 1], [true, 0], [false, -1]]) {
    const got = await limiter.limit("u");
    await got.pending;
    same(verdict(got), { success, limit: 3, remaining, reset });
  }
});

limitCheck("dynamic limits", async () => {
  const limiter = limits("dyn", Ratelimit.fixedWindow(10, "10 s"), { dynamicLimits: true });
  await limiter.setDynamicLimit({ limit: 2 });
  same(await limiter.getDynamicLimit(), { dynamicLimit: 2 });
  same(verdict(await limiter.limit("u")), { success: true, limit: 2, remaining: 1, reset: 1700000010000 });
});

limitCheck("analytics", async () => {
  const limiter = limits("an", Ratelimit.fixedWindow(1, "10 s"), { analytics: true });
  for (let i = 0; i < 3; i++) await (await limiter.limit("u")).pending;
});

limitCheck("50 concurrent calls admit 20, in one request", async () => {
  const limiter = limits("burst", Ratelimit.fixedWindow(20, "10 s"));
  await limiter.limit("warm"); // the script is known from here on
  let got;
  same(await requests(async () => {
    got = await Promise.all(Array.from({ length: 50 }, () => limiter.limit("u")));
  }), 1);
  same(got.map(({ success }) => success), Array.from({ length: 50 }, (_, i) => i < 20));
});

limitCheck("blockUntilReady", async () => {
  const limiter = limits("wait", Ratelimit.fixedWindow(1, "10 s"));
  const end = 1700000010000;
  now = () => end - 1;
  same((await limiter.limit("u")).success, true);
  const began = performance.now();
  now = () => Math.floor(end - 100 + performance.now() - began);
  same(verdict(await limiter.blockUntilReady("u", 10_000)), { success: true, limit: 1, remaining: 0, reset: end + 10000 });
  assert.ok(now() >= end);
});

// ---------------------------------------------------------------------------
// pubsub: event streams.

// events collects what a subscriber hears of some types, and waits for more.
function events(subscriber, types) {
  const heard = [];
  let wake = () => {};
  const add = (event) => {
    heard.push(event);
    wake();
  };
  for (const type of types) subscriber.on(type, (data) => add([type, data]));
  subscriber.on("error", (error) => add(["error", String(error)]));
  return async (count) => {
    const deadline = setTimeout(() => add(["nothing more came for 5 s"]), 5000);
    while (heard.length < count) await new Promise((resolve) => (wake = resolve));
    clearTimeout(deadline);
    return heard.splice(0, count);
  };
}

// silence waits until the server has noticed that nobody listens any more.
async function silence(channel) {
  for (const deadline = performance.now() + 5000; performance.now() < deadline; ) {
    if ((await redis.publish(channel, "anyone?")) === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.fail(`${channel} still has a subscriber 5 s after unsubscribe`);
}

check("pubsub", "subscribe", async () => {
  same(await redis.publish("news", "nobody listens"), 0);
  const subscriber = redis.subscribe("news");
  try {
    const next = events(subscriber, ["subscribe", "message"]);
    same(await next(1), [["subscribe", 1]]);
    const messages = ["plain", "with, commas, and 🚀", { id: 1, list: ["a", null] }, 42, true];
    for (const message of messages) same(await redis.publish("news", message), 1);
    same(await next(messages.length), messages.map((message) => ["message", { channel: "news", message }]));
  } finally {
    await subscriber.unsubscribe();
  }
  await silence("news");
});

check("pubsub", "psubscribe", async () => {
  const subscriber = redis.psubscribe("user.*");
  try {
    const next = events(subscriber, ["psubscribe", "pmessage"]);
    same(await next(1), [["psubscribe", 1]]);
    same(await redis.publish("user.1", { name: "Ada, 🚀" }), 1);
    same(await redis.publish("users", { name: "no match" }), 0);
    same(await redis.publish("user.2", [1, 2]), 1);
    same(await next(2), [
      ["pmessage", { pattern: "user.*", channel: "user.1", message: { name: "Ada, 🚀" } }],
      ["pmessage", { pattern: "user.*", channel: "user.2", message: [1, 2] }],
    ]);
  } finally {
    await subscriber.unsubscribe();
  }
  await silence("user.1");
});

check("pubsub", "two subscribers and several channels", async () => {
  const both = redis.subscribe(["left", "right"]);
  const one = redis.subscribe("left");
  try {
    const nextOfBoth = events(both, ["subscribe", "message"]);
    const nextOfOne = events(one, ["subscribe", "message"]);
    same(await nextOfBoth(2), [["subscribe", 1], ["subscribe", 1]]); // a connection for each channel
    same(await nextOfOne(1), [["subscribe", 1]]);
    same(await redis.publish("left", "l"), 2);
    same(await nextOfOne(1), [["message", { channel: "left", message: "l" }]]);
    same(await nextOfBoth(1), [["message", { channel: "left", message: "l" }]]);
    same(await redis.publish("right", "r"), 1);
    same(await nextOfBoth(1), [["message", { channel: "right", message: "r" }]]);
  } finally {
    await both.unsubscribe();
    await one.unsubscribe();
  }
});

check("pubsub", "messages that Go publishes", async () => {
  const subscriber = redis.subscribe("from-go");
  try {
    const next = events(subscriber, ["subscribe", "message"]);
    same(await next(1), [["subscribe", 1]]);
    print({ signal: "from-go" });
    same(await next(2), [
      ["message", { channel: "from-go", message: "hello from Go: " + unicode.replaceAll(/[\r\n]/g, "") }],
      ["message", { channel: "from-go", message: { id: 42 } }],
    ]);
  } finally {
    await subscriber.unsubscribe();
  }
});

// ---------------------------------------------------------------------------

function print(line) {
  process.stdout.write(JSON.stringify(line) + "\n");
}

const stage = process.argv[2];
if (!stages[stage]) {
  console.error(`usage: node client.mjs ${Object.keys(stages).join("|")}`);
  process.exit(2);
}
for (const [name, f] of stages[stage]) {
  try {
    await f();
    print({ check: name, ok: true });
  } catch (error) {
    print({ check: name, ok: false, error: error.stack.split("\n    at ").slice(0, 2).join(" at ") });
  }
}
