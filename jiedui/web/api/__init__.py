"""接口: the declared tables as JSON through the same gate and masks as the pages, and vacancies that are written."""
