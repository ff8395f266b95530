#!/usr/bin/env node
// Stands in for the binary where the harness itself is tested: the same contract, none of the product.
import { createServer } from 'node:http';

const page = (body) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Servant</title>
<link rel="stylesheet" href="/s.css"></head><body><main><h1>Servant</h1>${body}</main></body></html>`;
const pages = {
  '/': page('<p>All is well.</p>'),
  '/throws': page('<script src="/throws.js"></script>'),
  '/inline': page('<script>document.title = "never"</script>'),
  '/unlabelled': page('<input>'),
  '/wide': page('<div class="wide">wide</div>'),
  '/script': page('<script src="/big.js"></script>'),
};
const files = {
  '/s.css': ['text/css', 'body { color: #111; background: #fff } .wide { width: 900px }'],
  '/throws.js': ['text/javascript', 'throw new Error("on purpose")'],
  '/big.js': ['text/javascript', `//${'x'.repeat(100_000)}`],
};
const server = createServer((request, response) => {
  const path = request.url ?? '/';
  response.setHeader('content-security-policy', "default-src 'self'");
  if (path === '/readyz') return void response.end('ready\n');
  if (path in files) {
    const [type, text] = files[path];
    response.setHeader('content-type', type);
    return void response.end(text);
  }
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.statusCode = path in pages ? 200 : 404;
  response.end(pages[path] ?? page('<p>Nothing here.</p>'));
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  console.log(`Anteroom listens on http://localhost:${port}\n\n  clerk   anna.keller@example.org   gentle-river-42\n  admin   a@b.example  x`);
});
if (process.env.SERVANT_LEAKS) console.error('INFO mail sent to anna.keller@example.org');
process.on('SIGTERM', () => {
  if (process.env.SERVANT_PANICS) console.error("thread 'main' panicked at src/main.rs:1:1:");
  process.exit(process.env.SERVANT_ENDS_BADLY ? 3 : 0);
});
