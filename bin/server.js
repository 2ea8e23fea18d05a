#!/usr/bin/env node
// The name that configurations of the predecessor start; the program itself is one bundled file.
import { createRequire } from 'node:module';

createRequire(import.meta.url)('../dist/main.js');
