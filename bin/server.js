#!/usr/bin/env node
// The name that configurations of the predecessor start.
import '../dist/main.js';
