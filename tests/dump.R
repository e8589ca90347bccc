# What R holds in a list of data frames, as JSON in which no bit is lost.
dump_column <- function(column) {
  plain <- column
  for (name in setdiff(names(attributes(column)), c("class", "levels", "tzone"))) attr(plain, name) <- NULL
  values <- if (is.factor(plain)) {
    as.character(plain)
  } else if (inherits(plain, "Date")) {
    sprintf("%.0f", unclass(plain))
  } else if (inherits(plain, "POSIXct")) {
    stopifnot(identical(attr(plain, "tzone"), "UTC"))
    sprintf("%.0f", round(as.numeric(plain) * 1e6))
  } else if (inherits(plain, "integer64")) {
    bit64::as.character.integer64(plain)
  } else if (is.double(plain)) {
    ifelse(is.nan(plain), "nan", sprintf("%a", plain))
  } else {
    as.character(plain)
  }
  nan <- is.double(plain) && !inherits(plain, "integer64") && any(is.nan(plain))
  values[is.na(column) & !(nan & values %in% "nan")] <- NA
  told <- attributes(column)[setdiff(names(attributes(column)), c("class", "levels", "tzone"))]
  list(
    class = I(class(plain)), levels = I(as.character(levels(plain))), values = I(enc2utf8(values)),
    attributes = lapply(told, function(one) if (is.null(names(one))) one else as.list(one))
  )
}

dump_tables <- function(tables, file) {
  found <- lapply(tables, function(table) lapply(as.list(table), dump_column))
  text <- jsonlite::toJSON(found, auto_unbox = TRUE, na = "null", null = "null", digits = NA)
  writeLines(enc2utf8(text), file, useBytes = TRUE)
}
