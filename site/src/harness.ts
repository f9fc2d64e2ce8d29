// Enhances pages that are complete without it: theme, sorting, filtering, columns, comparing, taking a view along. All of it is in the address.
import { startComparison } from './comparison';
import { startCopying } from './copying';
import { startTables } from './tables';
import { applyTheme, startTheme } from './theme';

// Before the first paint, so that the page does not flash.
applyTheme();

document.addEventListener('DOMContentLoaded', () => {
  startTheme();
  startTables();
  startComparison();
  startCopying();
});
