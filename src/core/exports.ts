/** What the compiled core exports (assembly/index.ts). Pointers and lengths are bytes, u32. */
export interface CoreExports {
  init(databases: number, ringBytes: number, seedLow: number, seedHigh: number): number;
  execute(input: number, length: number, flags: number, database: number): number;
  inputArea(length: number): number;
  scratchArea(length: number): number;

  appendCommand(database: number, at: number, length: number): void;
  appended(): number;
  cutAppended(from: number, length: number): number;
  publish(): number;
  unfence(): void;
  resetHistory(offset: number): void;
  backlogMemory(): number;
  grow(bytes: number, budget: number): number;
  resize(bytes: number): number;

  lookup(database: number, flags: number, key: number, length: number, isRead: number): number;
  putString(
    database: number,
    flags: number,
    key: number,
    keyLength: number,
    value: number,
    length: number,
    expiryMode: number,
    expireAtMs: bigint,
    form: number,
  ): number;
  openString(
    database: number,
    flags: number,
    key: number,
    keyLength: number,
    length: number,
  ): number;
  closeString(): void;
  deleteKey(database: number, flags: number, key: number, length: number): number;
  moveKey(
    from: number,
    flags: number,
    key: number,
    length: number,
    to: number,
    toKey: number,
    toLength: number,
  ): number;
  copyKey(
    from: number,
    flags: number,
    key: number,
    length: number,
    to: number,
    toKey: number,
    toLength: number,
  ): number;
  swapDatabases(one: number, other: number): void;
  footprint(database: number, entry: number): number;
  scan(database: number, cursor: number, wanted: number): number;
  randomEntry(database: number): number;
  bucketCount(database: number): number;
  keyCount(database: number): number;
  volatileCount(database: number): number;
  ownExpiryCount(database: number): number;
  averageTtl(database: number): number;
  flushDatabase(database: number, isLazy: number): number;
  frequency(database: number, flags: number, key: number, length: number): number;
  activeExpire(flags: number, budget: number): number;

  awaitKey(key: number, length: number): number;
  forgetAwaited(place: number): void;

  dumpEntry(entry: number): number;
  readPage(entry: number, cursor: number): number;
  restoreKey(
    database: number,
    flags: number,
    key: number,
    keyLength: number,
    length: number,
    expiryMode: number,
    expireAtMs: bigint,
  ): number;
  encodingOf(entry: number): number;
  elementCount(entry: number): number;
  findHashField(entry: number, field: number, length: number): number;
  putHashField(
    database: number,
    flags: number,
    key: number,
    keyLength: number,
    fieldLength: number,
    length: number,
  ): number;
  abandonLoad(): void;
  openIncoming(): void;
  swapIncoming(): void;
  dropIncoming(): void;
  popScored(
    database: number,
    flags: number,
    key: number,
    keyLength: number,
    isGreatest: number,
    wanted: number,
  ): number;
  findZsetScore(entry: number, member: number, length: number): number;
  readScoreRange(entry: number, least: number, most: number): number;

  readList(
    database: number,
    flags: number,
    key: number,
    keyLength: number,
    index: number,
    count: number,
  ): number;
  readRanks(
    database: number,
    flags: number,
    key: number,
    keyLength: number,
    rank: number,
    count: number,
  ): number;
  popList(
    database: number,
    flags: number,
    key: number,
    keyLength: number,
    isHead: number,
    count: number,
  ): number;
  moveElement(
    database: number,
    flags: number,
    from: number,
    fromLength: number,
    to: number,
    toLength: number,
    fromHead: number,
    toHead: number,
  ): number;

  keepLimit(flags: number): number;
  freeDiscarded(budget: number): number;
  beginDefrag(): number;
  stepDefrag(budget: number): number;
  measure(): void;

  beginSnapshot(compresses: boolean): void;
  stepSnapshot(bytes: number): number;
  endSnapshot(): void;
  takeOutput(): void;
  giveOutput(buffer: number): void;
  loadEntries(input: number, length: number, flags: number): number;
  crc64(sum: bigint, at: number, length: number): bigint;

  streamAt(entry: number): number;
  changeStream(database: number, flags: number, key: number, length: number): number;
  createStream(database: number, flags: number, key: number, length: number): number;
  signalStream(database: number, flags: number, key: number, length: number): void;
  streamItems(
    stream: number,
    ms: bigint,
    seq: bigint,
    lastMs: bigint,
    lastSeq: bigint,
    count: number,
    isReverse: number,
  ): number;
  streamItemIds(): number;
  streamHas(stream: number, ms: bigint, seq: bigint): number;
  streamNodes(stream: number): number;
  streamTreeNodes(stream: number): number;
  streamDistance(stream: number, ms: bigint, seq: bigint): bigint;
  streamGroup(stream: number, name: number, length: number): number;
  streamAddGroup(stream: number, name: number, length: number): number;
  streamRemoveGroup(stream: number, group: number): void;
  streamConsumer(group: number, name: number, length: number): number;
  streamAddConsumer(group: number, name: number, length: number, seenAt: bigint): number;
  streamRemoveConsumer(group: number, consumer: number): void;
  streamPendingCount(holder: number): number;
  streamPendingFrom(holder: number, ms: bigint, seq: bigint): number;
  streamPendingUpTo(holder: number, ms: bigint, seq: bigint): number;
  streamPending(group: number, ms: bigint, seq: bigint): number;
  streamAssign(
    group: number,
    consumer: number,
    ms: bigint,
    seq: bigint,
    deliveredAt: bigint,
    deliveries: bigint,
  ): number;
  streamAcknowledge(group: number, ms: bigint, seq: bigint): number;

  findCommand(name: number, length: number): number;
  retireCommand(id: number): void;
  nameCommand(id: number): void;
  transactionAhead(from: number, end: number): number;
  aheadCommands(): number;
  aheadWrites(): number;
  aheadBytes(): number;
}
