// After a refused form the reader starts at the first thing to mend.
document.querySelector('[role="alert"][tabindex], [aria-invalid="true"]')?.focus();
