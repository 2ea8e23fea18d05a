import fc from 'fast-check';

// One seed for every property of a run. `npm test` prints it; the same one gives the same values again.
const seed = Number(process.env.CWM_TEST_SEED);
if (Number.isInteger(seed)) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });
