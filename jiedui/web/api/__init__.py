"""接口: the declared tables as read-only JSON, through the same gate and masks as the pages."""
