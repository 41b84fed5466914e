"""Reports on paper and in figures: an approved escalation as DOCX and PDF, the week for supervisors."""
