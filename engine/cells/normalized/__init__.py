"""Cells with layer normalization (Ba, Kiros & Hinton 2016): they share LN and its way back."""
