"""The one sitting engine."""
