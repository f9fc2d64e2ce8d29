// What ECMAScript writes for a number, by its bits. Written by: node numbers.js > numbers.json (node 20.20.2)
// The bits come from a multiplicative generator, so that the table is the same wherever it is made: random doubles of all sizes,
// then whole numbers, decimals and powers of ten with their neighbours.
let state = 20261124n;
const next = () => (state = state * 6364136223846793005n + 1442695040888963407n & (1n << 64n) - 1n) ^ state >> 33n;
const buffer = new DataView(new ArrayBuffer(8));
const valueOf = bits => (buffer.setBigUint64(0, bits & (1n << 64n) - 1n), buffer.getFloat64(0));
const bitsOf = value => (buffer.setFloat64(0, value), buffer.getBigUint64(0));
const table = [];
const add = bits => { const value = valueOf(bits); if (Number.isFinite(value)) table.push([bits.toString(16).padStart(16, '0'), String(value)]); };
for (let i = 0; i < 200; i++) add(next());
for (let i = 0; i < 50; i++) add(bitsOf(Number(next() % 10000000n) / 1000));
for (let exponent = -10; exponent <= 24; exponent++) for (const step of [-1n, 0n, 1n]) add(bitsOf(10 ** exponent) + step);
for (const value of [0.1, 0.2, 0.1 + 0.2, 1 / 3, 123456789012345680000, 2 ** 53, 2 ** 53 + 2, 2 ** 63, -1e-7, -1e21, 4.35, 0.5, 100]) add(bitsOf(value));
console.log(JSON.stringify(table));
