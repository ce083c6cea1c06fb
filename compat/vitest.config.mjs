/** vitest runs all of compat's tests but jest's. */
const config = {
  // `await using` is lowered for a Node that does not know it yet.
  oxc: { include: /\.mjs$/, target: 'es2022' },
  test: {
    include: ['**/*.test.{js,mjs}'],
    exclude: ['jest/**', 'node_modules/**'],
    testTimeout: 20_000,
    fileParallelism: false,
  },
};

// oxlint-disable-next-line import/no-default-export -- vitest demands it.
export default config;
