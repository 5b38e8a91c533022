// Reads superjson documents, a JSON array of texts, and writes each as the npm
// package writes what it read. Run by the tests of cache/superjson.
import superjson from "superjson";

let input = "";
for await (const chunk of process.stdin.setEncoding("utf8")) input += chunk;

const answers = JSON.parse(input).map((text) => {
  try {
    return { text: superjson.stringify(superjson.parse(text)) };
  } catch (error) {
    return { error: error.message };
  }
});
process.stdout.write(JSON.stringify(answers));
