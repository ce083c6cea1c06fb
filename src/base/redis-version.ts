/** The version of Redis whose behaviour this is; clients read it to know what they may send. */
export const REDIS_VERSION = '7.0.15';
