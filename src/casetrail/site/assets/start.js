startCopying();
startEvidence();
startAsOf();
startFilters();
startTimeline();
startSearch();
startAddresses();
