export default {
  test: { include: ['cache/*.test.js'], testTimeout: 20_000, fileParallelism: false },
};
