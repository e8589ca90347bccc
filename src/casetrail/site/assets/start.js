startCopying();
startEvidence();
startAsOf();
all(".zoom").forEach(startChart);
startSearch();
startAddresses();
