"""What Zalo answers, one file per family of calls. Handlers are plain functions of the platform and one call."""
