"""What people are told before it costs: what limits will come to, who spends unusually, what nobody priced or
manages; once, a list where there are several, in the form that a webhook takes. All pure."""
